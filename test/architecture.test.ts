import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'node:test';
import { filesBelow, ROOT } from '../bin/dev/project.ts';
import { STAGES } from '../bin/dev/test-stages.ts';

/** An import goes to a lower rank, or stays in its folder. */
const RANKS: Readonly<Record<string, number>> = {
  'main.ts': 11,
  'server-main.ts': 10,
  cli: 9,
  doctor: 8,
  compile: 7,
  storage: 6,
  explain: 6,
  cache: 5,
  compiler: 5,
  report: 5,
  server: 5,
  files: 4,
  commandline: 3,
  hash: 3,
  statistics: 3,
  config: 3,
  diagnostics: 2,
  source: 2,
  util: 1,
  runtime: 0,
};

/** Allowed by rank, but not by design. */
const FORBIDDEN = ['storage > statistics', 'cache > config', 'compiler > config', 'server > storage'];

/** The only files (or folder, with a slash at its end) that may import a package. */
const IMPORTERS: Readonly<Record<string, string | readonly string[]>> = {
  'proper-lockfile': 'util/lock-library.ts',
  'write-file-atomic': 'util/whole-file.ts',
  'fast-json-stable-stringify': 'util/json.ts',
  chokidar: 'server/watch.ts',
  commander: ['cli/program.ts', 'server/options.ts'],
  execa: 'compiler/run/start-program.ts',
  'signal-exit': 'util/at-end.ts',
  '@azure/identity': 'storage/remote/azblob/',
  '@azure/storage-blob': 'storage/remote/azblob/',
  '@aws-sdk/credential-provider-node': 'storage/remote/s3/credential-chain.ts',
  aws4fetch: 'storage/remote/',
  ioredis: 'storage/remote/',
};

const KNOWS_THE_PROCESS = /^(?:main\.ts|server-main\.ts|config\/)/;
const LONGEST_FILE = 300;

interface Module {
  /** From src, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Without comments and quoted text. */
  readonly code: string;
  readonly imports: readonly string[];
}

const SOURCES = join(ROOT, 'src');
const MODULES = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readModule(name.replaceAll('\\', '/')))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

test('every folder of src has its rank', () => {
  none(MODULES.map(({ path }) => folderOf(path)).filter((folder) => !(folder in RANKS)));
});

test('an import goes to a lower rank or stays in its folder', () => {
  const isWrong = (from: string, to: string) => from !== to && (RANKS[to] ?? 0) >= (RANKS[from] ?? 0);
  none(localImports().filter(([from, to]) => isWrong(folderOf(from), folderOf(to))));
});

test('folders that must not know each other do not', () => {
  none(localImports().filter(([from, to]) => FORBIDDEN.includes(`${folderOf(from)} > ${folderOf(to)}`)));
});

test('no file imports itself by way of others', () => {
  const graph = new Map(MODULES.map(({ path }) => [path, [] as string[]]));
  for (const [from, to] of localImports()) graph.get(from)?.push(to);
  none(cyclesOf(graph));
});

test('no file only re-exports what others export', () => {
  none(paths((module) => /(?:^|\/)index\.ts$/.test(module.path) || /^export \*/m.test(module.code)));
});

test('only main, server-main and config read the environment and the arguments, print, and exit', () => {
  const isEdge = /\bprocess\.(?:env|argv|exit|exitCode|stdout|stderr)\b|\bconsole\./;
  none(paths((module) => !KNOWS_THE_PROCESS.test(module.path) && isEdge.test(module.code)));
});

test('each package is imported in its one place', () => {
  const found = MODULES.flatMap(({ path, imports }) =>
    imports
      .filter((name) => !/^(?:\.|node:|bun:|bun$)/.test(name))
      .map((name) => [path, packageOf(name)] as const),
  );
  none(found.filter(([path, name]) => !isImporter(path, IMPORTERS[name])));
});

test('only runtime/ knows how to ask whether this is Bun or Node.js', () => {
  const asks = /globalThis, 'Bun'|versions\['?bun|'bun:/;
  none(paths(({ path, text }) => !path.startsWith('runtime/') && asks.test(text)));
});

test('built-in modules are imported by their node: names', () => {
  const isBare = (name: string) =>
    !/^[.@]|^(?:node|bun):|^bun$/.test(name) && !(packageOf(name) in IMPORTERS);
  none(MODULES.flatMap(({ path, imports }) => imports.filter(isBare).map((name) => [path, name])));
});

test(`no file is longer than ${LONGEST_FILE} lines`, () => {
  none(paths(({ text }) => text.split('\n').length > LONGEST_FILE + 1));
});

test('nothing is typed any, and no TODO is left', () => {
  const isAny = /(?::|\bas|<|,|\||&|=>|=)\s*any\b(?!\s*[:(])/;
  none(paths(({ code, text }) => isAny.test(code) || /\b(?:TODO|FIXME|XXX)\b/.test(text)));
});

test('enums and namespaces are not used', () => {
  none(paths(({ code }) => /^\s*(?:export )?(?:const )?(?:enum|namespace) \w+/m.test(code)));
});

test('a unit test starts no compiler, no server and no clcache', () => {
  const reached = new Set(filesBelow('test').filter((file) => file.endsWith('.test.ts') && isUnitTest(file)));
  for (const file of reached) for (const name of testImportsOf(file)) reached.add(name);
  const starts = /(?<!\.)\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\((?!'mkfifo')/;
  none([...reached].filter((file) => starts.test(readFileSync(join(ROOT, file), 'utf8'))));
});

function isUnitTest(file: string): boolean {
  return STAGES.find(({ takes }) => takes(file))?.name === 'unit';
}

/** The modules of `test/` that one of them imports, from the root. */
function testImportsOf(file: string): string[] {
  const found = readFileSync(join(ROOT, file), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g);
  return [...found]
    .map(([, name = '']) => normalize(join(dirname(file), name)).replaceAll('\\', '/'))
    .filter((path) => path.startsWith('test/'));
}

test('no test asks where its own module is, since tests are run from a bundle', () => {
  // The last two hand it to a bundler.
  const allowed = ['bin/dev/project.ts', 'bin/dev/test-bundle.ts', 'test/helpers/fixture-program.ts'];
  const asking = filesBelow('bin/dev', 'test').filter(
    (file) => file.endsWith('.ts') && file !== 'test/architecture.test.ts',
  );
  const asks = /\bimport\.meta\b(?!\.url === pathToFileURL)/;
  assert.deepEqual(
    asking.filter((file) => asks.test(readFileSync(join(ROOT, file), 'utf8'))),
    allowed,
  );
});

test('no script of the build gives a bundler a plugin, so that libraries stay as their authors made them', () => {
  const folder = join(ROOT, 'bin/dev');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  assert.ok(scripts.includes('build.ts'));
  none(
    scripts.filter((name) =>
      /\b(?:plugins?|onResolve|onLoad)\b/i.test(readFileSync(join(folder, name), 'utf8')),
    ),
  );
});

function readModule(path: string): Module {
  const text = readFileSync(join(SOURCES, path), 'utf8');
  const withoutComments = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
  const specifiers = /(?:\bfrom|^import|\bimport\(\s*)\s*'([^']+)'/gm;
  return {
    path,
    text,
    code: withoutComments.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''"),
    imports: [...withoutComments.matchAll(specifiers)].flatMap(([, name]) => name ?? []),
  };
}

/** Pairs of importing and imported file. */
function localImports(): [string, string][] {
  return MODULES.flatMap(({ path, imports }) =>
    imports
      .filter((name) => name.startsWith('.'))
      .map((name): [string, string] => [path, normalize(join(dirname(path), name)).replaceAll('\\', '/')]),
  );
}

/** The folder of src in which a file lies. A file of src itself counts as a folder of its own. */
function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function isImporter(path: string, importers: string | readonly string[] = []): boolean {
  return [importers].flat().some((one) => (one.endsWith('/') ? path.startsWith(one) : path === one));
}

function paths(isWrong: (module: Module) => boolean): string[] {
  return MODULES.filter(isWrong).map(({ path }) => path);
}

/** The files of a cycle, each with its path back to itself. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (way.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

function none(found: readonly unknown[]): void {
  assert.deepEqual(found, []);
}
