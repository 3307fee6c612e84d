/** The costs of a hit that can be counted. Timings change from run to run, counts do not. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { metafileOf } from '../../bin/dev/build-exe.ts';
import type { Metafile } from '../../bin/dev/executable.ts';
import { ROOT } from '../../bin/dev/project.ts';
import { decodeManifest } from '../../src/cache/manifest.ts';
import {
  bundle,
  executable,
  findClangCl,
  HOST_TARGET,
  type RunResult,
  run,
  temporaryFolder,
} from '../helpers/compilers.ts';

/** For what several tests use. */
const OF_ALL = temporaryFolder({ after });

/** About 150 headers in some ten folders. */
const SOURCE = `${['vector', 'string', 'map', 'set'].map((name) => `#include <${name}>\n`).join('')}int one;\n`;
const HEADERS_AT_LEAST = 120;

/**
 * System calls on files besides one `stat` for each header and each folder with headers, without those of the runtime. Three
 * are for folders that clang searches by itself and that do not exist here. With a target that is not Windows, some eighteen
 * list the versions of GCC, one of which clang chooses.
 */
const OTHER_CALLS_AT_MOST = 91;

/** Packages that a hit may evaluate. */
const PACKAGES_OF_A_HIT = new Set(['fast-json-stable-stringify']);

/** Modules that a hit does not need: those of misses, of other calls, and of own options. */
const NOT_FOR_HITS =
  /^src\/(?:cli\/(?!dispatch|options)|doctor\/|runtime\/file-tracker\.|explain\/(?!miss-causes)|report\/|server\/|hash\/(?:client|exchange|protocol|server-socket)|compile\/(?:miss\/|text\/|cures|keep-reasons|explain)|compiler\/(?:run\/|headers\/|answers\/probes)|source\/|storage\/(?:remote|wire|archive|tiered-store|local\/(?:evict|remove|survey|choose-evictions|useless-files)))/;

/** Modules of Node.js that a hit may load there. */
const BUILTINS_OF_A_HIT = new Set(['crypto', 'fs', 'path']);

interface Cache {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly call: readonly string[];
}

/** A cache in which a call for this source is a hit, and everything about its headers was learnt. */
async function warmCache(
  directory: string,
  { source = SOURCE, options = [] }: { source?: string; options?: readonly string[] } = {},
): Promise<Cache> {
  // Each folder of PATH may contain a cl.exe whose version clang-cl uses, and so takes one call.
  const env = { CLCACHE_DIR: join(directory, 'cache'), PATH: '/usr/bin:/bin' };
  mkdirSync(join(directory, 'src'));
  mkdirSync(join(directory, 'obj'));
  writeFileSync(join(directory, 'src/one.cpp'), source);
  const switches = ['-nologo', '-c', '-EHsc', HOST_TARGET, ...options];
  const call = [findClangCl().path, ...switches, '-Foobj/one.obj', 'src/one.cpp'];
  // Hashes are only remembered of files and folders that are two seconds old.
  await new Promise((resolve) => {
    setTimeout(resolve, 2200);
  });
  for (let time = 0; time < 3; time++) succeed(await run(executable(), call, { cwd: directory, env }));
  assert.equal(await hits(directory, env), 2, 'the cache serves the call');
  // The process id decides which section of the statistics a call writes, and an existing section takes six calls more.
  const statistics = join(env.CLCACHE_DIR, 'v1/statistics');
  for (let section = 0; section < 16; section++) {
    const folder = join(statistics, section.toString(16));
    mkdirSync(folder, { recursive: true });
    if (!existsSync(join(folder, 'counters.json'))) writeFileSync(join(folder, 'counters.json'), '{}');
  }
  return { directory, env, call };
}

async function statistics(directory: string, env: Cache['env']): Promise<Record<string, number>> {
  const { stdout } = succeed(await run(executable(), ['-s', '--json'], { cwd: directory, env }));
  return JSON.parse(stdout.toString());
}

async function hits(directory: string, env: Cache['env']): Promise<number | undefined> {
  return (await statistics(directory, env))['CacheHits'];
}

function succeed(result: RunResult): RunResult {
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  return result;
}

test('A hit asks once for the state of each header and its folder, opens none, and makes few other system calls', {
  skip: process.platform !== 'linux' && 'strace is a program of Linux',
}, async (context) => {
  const cache = await warmCache(temporaryFolder(context));
  const calls = await fileCalls(cache);
  const headers = headersOf(cache);
  assert.ok(headers.size >= HEADERS_AT_LEAST, `only ${headers.size} headers`);
  const ofHeaders = calls.filter(({ path }) => headers.has(path));
  const opened = ofHeaders.filter(({ name }) => name.startsWith('open'));
  assert.deepEqual(opened, [], 'no header is opened');
  assert.deepEqual(unseen(headers, ofHeaders), [], 'each header is looked at');
  const seen = new Set<string>();
  const asked = new Set([...headers, ...Array.from(headers, (path) => dirname(path))]);
  const others = calls.filter(({ path }) => !asked.has(path) || seen.size === seen.add(path).size);
  const list = others.map(({ name, path }) => `${name} ${path}`).join('\n');
  context.diagnostic(
    `${others.length} calls beside ${asked.size} headers and folders, ${OTHER_CALLS_AT_MOST} allowed`,
  );
  assert.ok(others.length <= OTHER_CALLS_AT_MOST, `${others.length} calls:\n${list}`);
});

test('A hit of many headers in many folders asks once for each header and each folder', {
  skip: process.platform !== 'linux' && 'strace is a program of Linux',
}, async (context) => {
  const directory = temporaryFolder(context);
  const [headers, folders] = [600, 60];
  const options = Array.from({ length: folders }, (_, index) => `-Iinc/f${index}`);
  for (const option of options) mkdirSync(join(directory, option.slice(2)), { recursive: true });
  const names = Array.from({ length: headers }, (_, index) => `h${index}.h`);
  for (const [index, name] of names.entries()) {
    writeFileSync(join(directory, `inc/f${index % folders}`, name), '#pragma once\n');
  }
  const source = names.map((name) => `#include "${name}"\n`).join('');
  const cache = await warmCache(directory, { source, options });
  const calls = await fileCalls(cache);
  context.diagnostic(`${calls.length} calls for ${headers} headers in ${folders} folders`);
  assert.ok(calls.length <= headers + 2 * folders + 120, `${calls.length} calls`);
});

test('After a checkout with new times each header is opened once, however many sources include it', {
  skip: process.platform !== 'linux' && 'strace is a program of Linux',
}, async (context) => {
  const directory = temporaryFolder(context);
  const env = { CLCACHE_DIR: join(directory, 'cache'), PATH: '/usr/bin:/bin' };
  const headers = Array.from({ length: 30 }, (_, index) => join(directory, `${index}.h`));
  for (const header of headers) writeFileSync(header, `/* ${basename(header)} */\n`);
  const includes = headers.map((header) => `#include "${basename(header)}"\n`).join('');
  const calls = ['one', 'two', 'three'].map((name) => {
    writeFileSync(join(directory, `${name}.c`), `${includes}int ${name};\n`);
    return [findClangCl().path, '-nologo', '-c', HOST_TARGET, `${name}.c`];
  });
  for (const call of calls) succeed(await run(executable(), call, { cwd: directory, env }));
  for (const header of headers) writeFileSync(header, readFileSync(header));
  await new Promise((resolve) => {
    setTimeout(resolve, 2200);
  });
  const opened: string[] = [];
  for (const call of calls) {
    const traced = await fileCalls({ directory, env, call });
    opened.push(...traced.filter(({ name }) => name.startsWith('open')).map(({ path }) => path));
  }
  assert.equal(await hits(directory, env), calls.length);
  assert.deepEqual(opened.filter((path) => headers.includes(path)).sort(), headers.toSorted());
});

test('A hit evaluates no package and no module that only misses and own options need', async (context) => {
  const cache = await warmCache(temporaryFolder(context));
  const { program, modules } = await readableBundle();
  const coverage = join(cache.directory, 'coverage');
  const env = { ...cache.env, NODE_V8_COVERAGE: coverage };
  succeed(await run(process.execPath, [program, ...cache.call], { cwd: cache.directory, env }));
  assert.equal(await hits(cache.directory, cache.env), 3, 'the measured call was a hit');
  const sleeping = unevaluated(coverage, program);
  const evaluated = modules.filter((module) => !sleeping.has(module));
  assert.ok(evaluated.includes('src/compile/hit/lookup.ts'), 'the measurement sees what a hit does need');
  assert.ok(
    sleeping.has('src/compile/miss/compile-and-store.ts'),
    'the measurement sees what it does not need',
  );
  const needless = packagesOf(evaluated).filter((name) => !PACKAGES_OF_A_HIT.has(name));
  assert.deepEqual(needless, [], 'packages');
  assert.deepEqual(
    evaluated.filter((module) => NOT_FOR_HITS.test(module)),
    [],
    'modules of ours',
  );
});

test('A hit in a shared store does not load the library for locks, whether it is copied into the cache folder or not', async (context) => {
  const directory = temporaryFolder(context);
  const remote = pathToFileURL(join(directory, 'shared')).href;
  mkdirSync(join(directory, 'shared'));
  for (const name of ['one', 'two']) writeFileSync(join(directory, `${name}.c`), `int ${name};\n`);
  const { program, modules } = await readableBundle();
  const clcache = async (source: string, env: Cache['env']) => {
    const words = [program, findClangCl().path, '-nologo', '-c', HOST_TARGET, source];
    succeed(await run(process.execPath, words, { cwd: directory, env }));
  };
  // An old Node.js cannot read what the executable stores.
  await clcache('one.c', { CLCACHE_DIR: join(directory, 'sender'), CLCACHE_REMOTE: remote });
  for (const isOnly of ['1', '0']) {
    const CLCACHE_DIR = join(directory, `cache-${isOnly}`);
    const coverage = join(directory, `coverage-${isOnly}`);
    // The measured call is not the first one in its cache folder.
    const first = [findClangCl().path, '-nologo', '-c', HOST_TARGET, 'two.c'];
    succeed(await run(executable(), first, { cwd: directory, env: { CLCACHE_DIR } }));
    const measured = { CLCACHE_DIR, CLCACHE_REMOTE: remote, CLCACHE_REMOTE_ONLY: isOnly };
    await clcache('one.c', { ...measured, NODE_V8_COVERAGE: coverage });
    const { CacheHits, CacheEntries } = await statistics(directory, { CLCACHE_DIR });
    assert.deepEqual([CacheHits, CacheEntries], [1, isOnly === '1' ? 1 : 2], 'a hit, copied or not');
    const sleeping = unevaluated(coverage, program);
    const packages = packagesOf(modules.filter((module) => !sleeping.has(module)));
    assert.ok(packages.includes('fast-json-stable-stringify'), 'the measurement sees what the hit does need');
    assert.ok(!packages.includes('proper-lockfile'), packages.join(' '));
  }
});

test('A hit loads no module of Node.js that it does not need', async (context) => {
  const cache = await warmCache(temporaryFolder(context));
  const hook = join(cache.directory, 'record.cjs');
  const record = join(cache.directory, 'loaded.txt');
  writeFileSync(hook, RECORDER);
  const env = { ...cache.env, LOADED: record };
  const words = ['--require', hook, bundle(), ...cache.call];
  succeed(await run(process.execPath, words, { cwd: cache.directory, env }));
  assert.equal(await hits(cache.directory, cache.env), 3, 'the measured call was a hit');
  const loaded = new Set(readFileSync(record, 'utf8').split('\n').filter(Boolean));
  assert.ok(loaded.has('fs'), 'the measurement sees what a hit does need');
  const needless = [...loaded].filter((name) => !BUILTINS_OF_A_HIT.has(name));
  assert.deepEqual(needless, []);
});

test('A hit by the executable, also with the hash server, loads no part that only misses and own options need', () => {
  const hit = ['src/main.ts', 'src/compile/compile-request.ts'];
  const loaded = loadedAtOnce(...hit);
  assert.deepEqual(packagesOf(loaded), [...PACKAGES_OF_A_HIT]);
  assert.deepEqual(
    loaded.filter((module) => NOT_FOR_HITS.test(module)),
    [],
  );
  const withServer = loadedAtOnce(...hit, 'src/hash/client.ts').filter((module) => !loaded.includes(module));
  assert.deepEqual(
    withServer.filter((module) => !/^src\/(?:hash|runtime)\/|^src\/util\/private-folder\.ts$/.test(module)),
    [],
  );
});

test('A miss by the executable loads before its compiler runs only what it takes to run it', () => {
  const parts = ['src/compile/miss/compile-and-store.ts', 'src/compiler/run/run.ts'];
  const loaded = loadedAtOnce('src/main.ts', 'src/compile/compile-request.ts', ...parts);
  assert.deepEqual(packagesOf(loaded), [...PACKAGES_OF_A_HIT, 'signal-exit']);
  assert.deepEqual(
    loaded.filter((module) => /finish-compile|storage\/(?:remote|local\/evict)/.test(module)),
    [],
  );
});

function packagesOf(modules: readonly string[]): string[] {
  const names = modules.map((module) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

/** Every module in the parts of the executable that are loaded with these modules, by static imports. */
function loadedAtOnce(...modules: readonly string[]): string[] {
  const file = metafileOf(process.platform === 'win32' ? 'windows' : 'linux');
  const { outputs } = JSON.parse(readFileSync(file, 'utf8')) as Metafile;
  const partOf = (module: string) =>
    Object.keys(outputs).find((name) => module in (outputs[name]?.inputs ?? {})) ??
    assert.fail(`${module} is in no part`);
  const parts = new Set(modules.map(partOf));
  for (const part of parts) {
    for (const { path, kind } of outputs[part]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) parts.add(path);
    }
  }
  assert.ok(parts.size > modules.length, 'the measurement sees what modules share');
  return [...parts].flatMap((part) => Object.keys(outputs[part]?.inputs ?? {}));
}

/** Records which modules of Node.js are requested, in both ways. */
const RECORDER = `
const { appendFileSync } = require('node:fs');
const Module = require('node:module');
const { env } = process;
const record = (name) => {
  if (Module.isBuiltin(name)) appendFileSync(env.LOADED, name.replace(/^node:/, '') + '\\n');
};
const load = Module._load;
Module._load = function (name) { record(name); return load.apply(this, arguments); };
const getBuiltin = process.getBuiltinModule;
if (getBuiltin) process.getBuiltinModule = (name) => { record(name); return getBuiltin.call(process, name); };
`;

function unseen(headers: ReadonlySet<string>, calls: readonly FileCall[]): string[] {
  const paths = new Set(calls.map(({ path }) => path));
  return [...headers].filter((header) => !paths.has(header));
}

interface FileCall {
  readonly name: string;
  readonly path: string;
}

/** Every system call on a file, in order, without those of the runtime itself. */
async function fileCalls({ directory, env, call }: Cache): Promise<FileCall[]> {
  const output = join(directory, 'strace.txt');
  const classes = 'trace=%file,%desc';
  const words = ['-y', '-s', '4096', '-e', classes, '-o', output, executable(), ...call];
  const traced = await run('strace', words, { cwd: directory, env }).catch((error: unknown) => {
    throw new Error('strace cannot be started (on Debian: apt-get install strace)', { cause: error });
  });
  succeed(traced);
  const calls: FileCall[] = [];
  for (const line of readFileSync(output, 'utf8').split('\n')) {
    const found = /^(\w+)\((.*)/.exec(line);
    const [, name = '', rest = ''] = found ?? [];
    // A path that is named, or the one that a descriptor stands for.
    const path =
      /"((?:[^"\\]|\\.)*)"/.exec(name.startsWith('read') || /write/.test(name) ? '' : rest)?.[1] ??
      /<([^>]*)>/.exec(rest)?.[1];
    if (path?.startsWith('/') && !isOfRuntime(path, name)) calls.push({ name, path });
  }
  return calls;
}

function isOfRuntime(path: string, name: string): boolean {
  return (
    /^\/(?:proc|sys|dev|etc|lib|usr\/share)\/|^\/lib64|\.so(?:\.\d+)*$/.test(path) ||
    name === 'execve' ||
    name === 'mmap' ||
    name === 'getcwd'
  );
}

/** From the manifest: every file in a folder for headers, as the compiler spells it. */
function headersOf({ env }: Cache): Set<string> {
  const manifests = join(env['CLCACHE_DIR'] ?? '', 'v1/manifests');
  const [section = ''] = readdirSync(manifests);
  const file = readdirSync(join(manifests, section)).find((name) => /^[0-9a-f]{40}\.json$/.test(name)) ?? '';
  const [entry] = decodeManifest(readFileSync(join(manifests, section, file), 'utf8'))?.entries ?? [];
  const states = entry?.states ?? [];
  return new Set(states.filter(({ state }) => state.length === 40).map(({ path }) => path));
}

/** The program as one file in which modules still have their names. */
function readableBundle(): Promise<ReadableBundle> {
  readable ??= buildReadable(OF_ALL);
  return readable;
}

interface ReadableBundle {
  readonly program: string;
  readonly modules: readonly string[];
}

let readable: Promise<ReadableBundle> | undefined;

async function buildReadable(directory: string): Promise<ReadableBundle> {
  const program = join(directory, 'readable.cjs');
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    outfile: program,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['bun:ffi'],
    define: { __CLCACHE_VERSION__: '"0.0.0"' },
    logLevel: 'error',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    program,
    modules: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name),
  };
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/**
 * esbuild wraps modules that are loaded on demand into functions named after them. These are the functions that never
 * ran.
 */
function unevaluated(coverage: string, program: string): Set<string> {
  const [file = ''] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as Coverage;
  const functions = result.find(({ url }) => url.endsWith(program))?.functions ?? [];
  const never = functions.filter(({ ranges }) => ranges[0]?.count === 0);
  return new Set(never.map(({ functionName }) => functionName));
}
