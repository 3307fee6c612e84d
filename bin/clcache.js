#!/usr/bin/env node
/**
 * Starts clcache: the executable, where npm has installed the package that holds it for this system, else the bundle
 * for Node.js. The executable takes two thirds of the bundle's processor time for a hit, the start of Node.js included,
 * and a fifth when it is started without Node.js.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The executable for each system that has one, by Node's names. Windows on ARM runs programs for x64. */
const EXECUTABLES = {
  'linux x64': '@clcache/linux-x64/clcache',
  'win32 x64': '@clcache/win32-x64/clcache.exe',
  'win32 arm64': '@clcache/win32-x64/clcache.exe',
};
const ON_WINDOWS = process.platform === 'win32';
/** What loads a program that needs glibc. A system with another C library has none, and Node.js cannot try. */
const LOADER = '/lib64/ld-linux-x86-64.so.2';
/** Node.js puts this in place of what is not UTF-8. The bundle reads such words from the system, as they are. */
const UNREADABLE = '\uFFFD';
/** What ends a build. */
const SIGNALS = ON_WINDOWS ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** The path of the executable of this system. Undefined where there is none, or none that can be started. */
function findExecutable() {
  const name = EXECUTABLES[`${process.platform} ${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const path = require.resolve(name);
    if (ON_WINDOWS) return path;
    accessSync(path, constants.X_OK);
    accessSync(LOADER);
    return path;
  } catch {
    return undefined;
  }
}

/** True if the executable would get all words and variables as they are. */
function isReadable() {
  const texts = [...process.argv, ...Object.values(process.env)];
  return !texts.some((text) => text.includes(UNREADABLE));
}

/**
 * True where `nohup` and the like keep a build going when its terminal ends. Node.js has forgotten it by now, for what it
 * starts as well; the parent has not (see src/util/ignored-signals.ts).
 */
function mayNotHangUp() {
  // Elsewhere a file of this name says nothing of the parent: Wine shows Linux's files, and has numbers of its own.
  if (process.platform !== 'linux') return false;
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'utf8');
    return /^SigIgn:\s*[0-9a-f]*[13579bdf]$/m.test(status);
  } catch {
    return false; // It does not say it of every process.
  }
}

/** Runs the bundle. Node keeps the compiled code of it (22 and later), which a process that lives milliseconds notices. */
function startBundle() {
  module.enableCompileCache?.();
  require('../dist/clcache.cjs');
}

/** Runs the executable in place of this process, or beside it where Node.js cannot do that (before 22.15, and on Windows). */
function startExecutable(path) {
  const [, script, ...args] = process.argv;
  // The name decides what clcache does: `clcache-server`, or that of a compiler.
  if (process.execve && !ON_WINDOWS) process.execve(path, [script, ...args], process.env);
  else startBeside(path, { script, args });
}

/** Hands on signals, and ends as the executable ends: with its status, or by the same signal. */
function startBeside(path, { script, args }) {
  const { spawn } = require('node:child_process');
  // Windows tells both of Ctrl+C, and to hand it on once more would end the executable before it has cleaned up.
  const handOn = ON_WINDOWS ? () => {} : (signal) => child.kill(signal);
  // Before the start: a signal that comes meanwhile waits.
  for (const signal of SIGNALS) process.on(signal, handOn);
  const child = spawn(path, args, { argv0: script, stdio: 'inherit', windowsHide: true });
  const endListening = () => {
    for (const signal of SIGNALS) process.off(signal, handOn);
  };
  child.on('error', () => {
    endListening();
    startBundle();
  });
  child.on('exit', (status, signal) => {
    endListening();
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = status;
  });
}

const executable = findExecutable();
if (executable !== undefined && isReadable() && !mayNotHangUp()) startExecutable(executable);
else startBundle();
