/**
 * `npm run build`: checks the types, then makes one CommonJS file of the program, dist/clcache.cjs, one of the hash
 * server, dist/clcache-server.cjs, and one of each package that only remote stores need, dist/clients/<package>.cjs.
 * Executables are made of the same program in modules, dist/modules/.
 * Options: --force (build although nothing has changed), --no-types (bundle only).
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { writeNotices } from './notices.ts';
import {
  BUNDLE,
  DIST,
  Failure,
  filesBelow,
  hashOf,
  isUpToDate,
  MODULES,
  markUpToDate,
  packageJson,
  ROOT,
  SERVER_BUNDLE,
  SHIPPED,
  script,
  tool,
  writeWhole,
} from './project.ts';

/**
 * Clients of remote stores, loaded when one is asked. In the bundle, Node.js would parse their 200 KB for every hit:
 * 5.6 ms of 16. Bun takes them into its executables all the same.
 */
const CLIENTS = ['aws4fetch', 'ioredis'];

const INPUTS = ['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'bin/dev', ...SHIPPED];

/** Builds the bundle if it is not up to date. */
export async function build({ force = false, types = true } = {}): Promise<void> {
  const hash = hashOf(filesBelow(...INPUTS), { types });
  const others = [SERVER_BUNDLE, MODULES, ...CLIENTS.map(clientFile)];
  if (!force && isUpToDate('clcache.cjs', hash) && others.every((file) => existsSync(file))) return;
  if (types) tool('typescript', 'bin/tsc', ['-p', 'bin/dev/tsconfig.json']);
  await bundle();
  markUpToDate('clcache.cjs', hash);
}

const clientFile = (name: string) => join(DIST, 'clients', `${name}.cjs`);

async function bundle() {
  const clients: string[] = [];
  for (const name of CLIENTS) {
    const stdin = { contents: `module.exports = require('${name}')`, resolveDir: ROOT };
    // ioredis shortens stacks by it. Bun would put the folder that we build in into the program.
    const define = { __dirname: JSON.stringify(name) };
    clients.push(
      ...(await write({ stdin, define, outfile: clientFile(name), plugins: [silentDebug], ...ONE_FILE })),
    );
  }
  const program = await writeProgram('src/main.ts', BUNDLE);
  const server = await writeProgram('src/server-main.ts', SERVER_BUNDLE);
  await writeModules();
  writeNotices([...program, ...server, ...clients]);
}

function writeProgram(entryPoint: string, outfile: string) {
  const plugins = [oneSignalExit, lazyForExeca, loadedOnFirstUse, clientsIn('./clients'), serverBeside];
  return write({ ...programOptions(), ...ONE_FILE, entryPoints: [entryPoint], outfile, plugins });
}

/**
 * What is loaded together shares a scope here. In one file, whatever may be loaded later is a function of its own, and
 * its names are looked up in objects: with one signal-exit instead of two, 2 ms of a hit's 24 on Bun.
 */
function writeModules() {
  rmSync(MODULES, { recursive: true, force: true });
  return write({
    ...programOptions(),
    entryPoints: ['src/main.ts'],
    outdir: MODULES,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
    plugins: [fewModules, oneSignalExit, lazyForExeca, loadedOnFirstUse, clientsIn('../clients')],
  });
}

function programOptions() {
  const { name, version, license } = packageJson();
  return {
    // proper-lockfile wants graceful-fs, which it uses like node:fs; loading it costs a hit about 2 ms.
    alias: { 'graceful-fs': 'node:fs' },
    define: {
      __CLCACHE_VERSION__: JSON.stringify(version),
      // For an executable that is copied without the files beside it.
      __CLCACHE_SHIPPED_FILES__: JSON.stringify(shippedFiles()),
      // write-file-atomic makes temporary names of it. Bun would put the folder that we build in into the program.
      __filename: 'process.execPath',
    },
    banner: { js: `/*! ${name} ${version} | ${license} | see LICENSE and THIRD-PARTY-NOTICES.txt */` },
  };
}

/** A lazy import becomes a lazy require: one loader at run time, and built-ins stay where they are needed. */
const ONE_FILE: BuildOptions = { format: 'cjs', supported: { 'dynamic-import': false } };

/** Bundles with what all bundles have in common; returns the source files that went in. */
async function write(options: BuildOptions): Promise<string[]> {
  const esbuild = await import('esbuild');
  const common: BuildOptions & { write: false; metafile: true } = {
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'inline',
    external: ['bun:ffi'],
    logLevel: 'warning',
  };
  const result = await esbuild.build({ ...options, ...common }).catch(() => {
    throw new Failure('the bundle could not be made');
  });
  for (const { path, contents } of result.outputFiles) writeWhole(path, contents);
  for (const [path, { imports }] of Object.entries(result.metafile.outputs)) {
    // Bun would leave a name undefined there.
    if (imports.some((other) => other.path === path)) throw new Failure(`${path} imports itself`);
  }
  return Object.keys(result.metafile.inputs);
}

/** `folder` as what is written names it. */
const clientsIn = (folder: string): Plugin => ({
  name: 'clients in files of their own',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(?:${CLIENTS.join('|')})$`) }, ({ path }) => ({
      path: `${folder}/${path}.cjs`,
      external: true,
    }));
  },
});

/**
 * What is loaded later, but together. Each of them alone would split what they share into more pieces for a hit. While
 * the compiler runs, the result's part is loaded, and with it the libraries that it will call.
 */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  miss: ['src/compile/compile-and-store.ts', 'src/compiler/run.ts'],
  result: ['src/compile/finish-compile.ts', 'src/compile/preprocessed.ts', 'src/storage/local/evict.ts'],
  remote: [
    'src/storage/tiered-store.ts',
    'src/storage/remote/remote-level.ts',
    'src/storage/remote/transient-folder.ts',
    'src/statistics/remote-statistics.ts',
  ],
};

const fewModules: Plugin = {
  name: 'few modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ kind, resolveDir, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = relative(ROOT, join(resolveDir, path)).replaceAll('\\', '/');
      const group = Object.keys(TOGETHER).find((name) => TOGETHER[name]?.includes(file));
      return group === undefined ? undefined : { path: group, namespace: 'together' };
    });
    onLoad({ filter: /./, namespace: 'together' }, ({ path }) => ({
      contents: [
        ...(TOGETHER[path] ?? []).map((file) => `export * from './${file}'`),
        ...(path === 'result' ? Object.keys(LIBRARIES).map((library) => `require('${library}')`) : []),
      ].join('\n'),
      resolveDir: ROOT,
    }));
  },
};

/** The hash server, which the program is under another name: the package has it in a file of its own. */
const serverBeside: Plugin = {
  name: 'the hash server in a file of its own',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/server-main\.ts$/ }, () => ({ path: './clcache-server.cjs', external: true }));
  },
};

/** With DEBUG set, ioredis would write the password of a store to stderr. */
const silentDebug: Plugin = {
  name: 'no debug output',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent' }));
    onLoad({ filter: /.*/, namespace: 'silent' }, () => ({
      contents: 'exports.default = () => Object.assign(() => {}, { enabled: false })',
    }));
  },
};

/** A hit imports it by way of others and does not call it; its modules cost it 0.7 ms of 15. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'proper-lockfile': "export const lockSync = (...args) => require('proper-lockfile').lockSync(...args)",
};

export const loadedOnFirstUse: Plugin = {
  name: 'libraries that are loaded on first use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(?:${Object.keys(LIBRARIES).join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'first use' || namespace === 'together' ? undefined : { path, namespace: 'first use' },
    );
    onLoad({ filter: /./, namespace: 'first use' }, ({ path }) => ({
      contents: LIBRARIES[path] ?? '',
      resolveDir: ROOT,
    }));
  },
};

/** proper-lockfile brings a signal-exit of its own, which would listen to all signals once more: here, ours. */
const oneSignalExit: Plugin = {
  name: 'one signal-exit',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^signal-exit$/ }, ({ importer, namespace }) =>
      namespace === 'file' && importer.includes('proper-lockfile')
        ? { path: 'signal-exit', namespace: 'newer' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'newer' }, () => ({
      contents: "module.exports = require('signal-exit').onExit",
      resolveDir: ROOT,
    }));
  },
};

/**
 * On the way of every miss to its compiler, and of no use there: execa's list of Node's standard streams, which makes
 * them, and a look at every property of `process` by the bundler, which does as well (2.5 ms on Bun); the table of all
 * signals (0.9 ms); the module for terminals, to find out about colours (0.9 ms).
 */
const LAZY_PARTS: Readonly<Record<string, readonly (readonly [eager: string, lazy: string])[]>> = {
  'execa/lib/utils/standard-stream.js': [
    [
      'STANDARD_STREAMS.includes(stream)',
      '[0, 1, 2].includes(stream?.fd) && STANDARD_STREAMS.includes(stream)',
    ],
    [
      '[process.stdin, process.stdout, process.stderr]',
      "['stdin', 'stdout', 'stderr'].reduce((all, name, index) =>" +
        ' Object.defineProperty(all, index, { get: () => process[name] }), [])',
    ],
  ],
  'execa/lib/terminate/signal.js': [
    ["import {signalsByName} from 'human-signals';", ''],
    ['=> signalsByName[', "=> require('human-signals').signalsByName["],
  ],
};

const lazyForExeca: Plugin = {
  name: 'lazy parts of execa',
  setup({ onLoad }) {
    onLoad(
      { filter: /execa[\\/]lib[\\/](?:utils[\\/]standard-stream|terminate[\\/]signal)\.js$/ },
      ({ path }) => {
        const name = Object.keys(LAZY_PARTS).find((file) => path.replaceAll('\\', '/').endsWith(file)) ?? '';
        const contents = (LAZY_PARTS[name] ?? []).reduce(
          (text, [eager, lazy]) => {
            if (!text.includes(eager)) throw new Failure(`execa has changed: ${name} has no ${eager}`);
            return text.replace(eager, lazy);
          },
          readFileSync(path, 'utf8'),
        );
        return { contents };
      },
    );
  },
};

function shippedFiles() {
  const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
  return Object.fromEntries(SHIPPED.map((file) => [file.slice('bin/'.length), text(file)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const started = Date.now();
    const given = process.argv.slice(2);
    await build({ force: given.includes('--force'), types: !given.includes('--no-types') });
    console.log(`dist/clcache.cjs is up to date (${Date.now() - started} ms)`);
  });
}
