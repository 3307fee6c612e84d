/** The library that demo and bench compile, from an npm package, and how. Nothing of it is part of this project. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from './find-compiler.ts';
import { mustRun, npm } from './programs.ts';
import { Failure } from './project.ts';

const PACKAGE = 're2@1.24.0';
const INTEGRITY = 'pBm6cMaOb0Yb0kg0Sfw/k4LwDMkPScb/NVd7GrEllDwfsPZstsZIo93A6Nn0wZuWJw3h57GdzkrOk81EofKY/g==';
const TITLE = 'RE2 (BSD-3-Clause) with Abseil (Apache-2.0)';

const RE2 = ['vendor/re2/re2', 'vendor/re2/util'];
const PARTS_OF_ABSEIL = ['base', 'numeric'];
const MORE_OF_ABSEIL = [
  'base',
  'container',
  'crc',
  'debugging',
  'hash',
  'numeric',
  'profiling',
  'strings',
  'synchronization',
  'time',
];

/** Tests and what only they need, and what is for another system than this. */
const NOT_IN_A_BUILD = /_test|test_|_testing|testing\/|benchmark|fuzz|mock|pcre\.cc$|_win\.cc$/;

export interface Library {
  readonly title: string;
  /** What it is, and what was left out. */
  readonly note: string;
  /** Where to compile. */
  readonly folder: string;
  /** Relative to the folder. */
  readonly sources: readonly string[];
  readonly includes: readonly string[];
}

/** Fetches the library into a folder below `home`, unless it is there. */
export function fetchLibrary(home: string, { all }: { readonly all: boolean }): Library {
  const folder = join(home, PACKAGE.replace('@', '-'));
  if (!existsSync(folder)) download(home, folder);
  const abseil = (all ? MORE_OF_ABSEIL : PARTS_OF_ABSEIL).map((part) => `vendor/abseil-cpp/absl/${part}`);
  const sources = [...RE2, ...abseil].flatMap((part) => sourcesBelow(folder, part));
  const note = all
    ? `all of RE2, and Abseil's ${MORE_OF_ABSEIL.join(', ')}`
    : `all of RE2, and Abseil's ${PARTS_OF_ABSEIL.join(' and ')} to keep it short (npm run demo -- --all takes more)`;
  return { title: TITLE, note, folder, sources, includes: ['vendor/re2', 'vendor/abseil-cpp'] };
}

/** clang-cl has no use for /MP, and says so. */
const UNUSED = '-Wno-unused-command-line-argument';

/** clang-cl takes /O2 and /std: for Windows targets only: for Linux the same is said in clang's own words. */
export function compileOptions(
  { kind }: Pick<Compiler, 'kind'>,
  { includes }: Pick<Library, 'includes'>,
): string[] {
  const own =
    kind === 'cl'
      ? ['/std:c++17', '/EHsc', '/O2', '/Brepro']
      : ['--target=x86_64-pc-linux-gnu', '/EHsc', '/clang:-std=c++17', '/clang:-O2', UNUSED];
  return ['/nologo', '/c', ...own, ...includes.flatMap((folder) => ['/I', folder])];
}

/** A name for the object of a source that no other source has. */
export const objectOf = (source: string) => `${source.replaceAll(/[\\/]/g, '-')}.obj`;

function download(home: string, folder: string): void {
  console.log(`[set-up] fetching ${PACKAGE} with npm pack, for its C++ sources`);
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  npm(['pack', PACKAGE, '--silent', '--pack-destination', temporary], {
    stdio: 'pipe',
    encoding: 'utf8',
    cwd: home,
  });
  const archive = readdirSync(temporary).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Failure(`npm pack ${PACKAGE} left no file`);
  const digest = createHash('sha512')
    .update(readFileSync(join(temporary, archive)))
    .digest('base64');
  if (digest !== INTEGRITY) throw new Failure(`${PACKAGE} is not the file that was expected`);
  mustRun('tar', ['-xzf', archive], { cwd: temporary });
  renameSync(join(temporary, 'package'), folder);
  rmSync(temporary, { recursive: true, force: true });
}

function sourcesBelow(folder: string, part: string): string[] {
  return readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
    .map((name) => `${part}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.cc') && !NOT_IN_A_BUILD.test(name))
    .sort();
}
