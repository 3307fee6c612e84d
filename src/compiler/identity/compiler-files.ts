/** Finds the files that make up a compiler. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOfFile } from '../../hash/file-digest.ts';
import { realPath, sortedNames, statIfThere } from '../../util/file-stat.ts';
import type { CompilerFile } from './compiler-record.ts';

/** The passes of cl, its messages, the shared libraries of a dynamically linked clang, and its options. */
const PARTS_BESIDE =
  /^(?:(?:c1|c1xx|c1xxast|c2|clui|mspdbcore|mspdbst|LLVM.*|libLLVM.*|libclang.*)\.dll|.+\.cfg)$/i;
const PARTS_IN_LIB = /^(?:libclang-cpp|libLLVM).*\.(?:so|dylib)/;
/** The default lists of what sanitizers leave out: `asan_ignorelist.txt`, before clang 13 `asan_blacklist.txt`. */
const SANITIZER_LIST = /list\.txt$/;
/** By clang 16's rules for a default target of Windows. `--version` names the other ones. */
const DEFAULT_CONFIGURATION = /^(?:(?:.+-)?clang-cl|.+-windows-msvc[\d.]*)\.cfg$/;
const FIRST_WITH_DEFAULT_CONFIGURATION = 16;

/** The first bytes of programs: ELF, Windows, macOS for one processor (in both byte orders) and for several. */
const PROGRAM = /^(?:\x7fELF|MZ|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/;

interface Places {
  readonly beside: string;
  readonly libraries: string;
  /** The folders of clang's own lists, one for each version below `lib/clang`. They may be missing. */
  readonly resources: readonly string[];
}

/** Whether a file is a script, or anything else that the processor does not run by itself. */
export function isScript(path: string): boolean {
  const head = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return !PROGRAM.test(head.toString('latin1'));
}

/**
 * The folders in which parts of a compiler may appear. `searched` are those that the system's loader searches first.
 */
export function foldersOf(compiler: string, searched: readonly string[]): CompilerFile[] {
  const { beside, libraries, resources } = placesOf(compiler);
  return [beside, libraries, ...resources, ...searched].filter(isFolder).map(statFile);
}

/**
 * The driver, with its links resolved, and the parts that lie around it, each once. `loaded` are the libraries that the
 * system loads with it, if that is known. Other libraries that lie there then do not count.
 */
export function filesOf(compiler: string, loaded: readonly string[] = []): CompilerFile[] {
  const { beside, libraries, resources } = placesOf(compiler);
  const files = [realPath(compiler)];
  for (const name of sortedNames(beside)) {
    if (PARTS_BESIDE.test(name)) files.push(join(beside, name));
    // The language files of cl: `1033\clui.dll`.
    if (/^\d{4}$/.test(name)) files.push(join(beside, name, 'clui.dll'));
  }
  const others = sortedNames(libraries).filter((name) => PARTS_IN_LIB.test(name));
  files.push(...(loaded.length > 0 ? loaded : others.map((name) => join(libraries, name))));
  for (const folder of resources) {
    for (const name of sortedNames(folder)) if (SANITIZER_LIST.test(name)) files.push(join(folder, name));
  }
  const byTarget = new Map<string, string>();
  for (const file of files) {
    const target = statIfThere(file)?.isFile() ? realPath(file) : undefined;
    if (target !== undefined && !byTarget.has(target)) byTarget.set(target, file);
  }
  return [...byTarget.values()].map(statFile);
}

/**
 * The configuration file from which clang-cl takes options by itself. Its `--version` names it, or it lies where
 * clang-cl looks for it.
 */
export function configurationFileOf(compiler: string, versionText: string): string | undefined {
  const named = /^Configuration file: (.+)$/m.exec(versionText)?.[1]?.trim();
  if (named !== undefined) return named;
  const version = Number(/\bclang version (\d+)/.exec(versionText)?.[1]);
  if (version < FIRST_WITH_DEFAULT_CONFIGURATION) return undefined;
  const { beside } = placesOf(compiler);
  const name = sortedNames(beside).find((one) => DEFAULT_CONFIGURATION.test(one));
  return name === undefined ? undefined : join(beside, name);
}

/** A file or folder with its current status. Throws what `statSync` throws. */
export function statFile(path: string): CompilerFile {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return { path, size, mtimeMs, ctimeMs, inode: ino };
}

/** As `statFile`, with the digest of its contents if it can be read. */
export function hashFile(path: string): CompilerFile {
  const file = statFile(path);
  const digest = digestOfFile(path, file.size);
  return digest === undefined ? file : { ...file, digest };
}

function placesOf(compiler: string): Places {
  const beside = dirname(realPath(compiler));
  const libraries = join(beside, '..', 'lib');
  const versions = join(libraries, 'clang');
  const resources = sortedNames(versions).map((name) => {
    const share = join(versions, name, 'share');
    return isFolder(share) ? share : join(versions, name);
  });
  return { beside, libraries, resources };
}

function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}
