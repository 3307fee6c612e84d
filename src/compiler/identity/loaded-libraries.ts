/** The libraries that the system's loader uses for a Linux program, and the places where it would find others first. */
import { basename, dirname, isAbsolute } from 'node:path';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { statFile } from './compiler-files.ts';
import type { CompilerFile, CompilerLookup } from './compiler-record.ts';
import { isStartedByGlibc } from './program-loader.ts';
import { question, textOf } from './question.ts';

export interface LoadedLibraries {
  /** The libraries in the order in which they are loaded, without those of the system that decide nothing. */
  readonly parts: readonly string[];
  /** Files that the loader looked for before it found a library elsewhere, or found none. */
  readonly tried: readonly string[];
  /** True if the loader was told a place relative to the working folder: in another folder there may be others. */
  readonly isOfFolder: boolean;
}

/** The places that the loader searched: their state as it was, and those that were not there. */
export interface SearchedPlaces {
  readonly folders: readonly CompilerFile[];
  readonly absent: readonly string[];
}

/** The system's list of libraries, which the loader asks before its own folders ("ld.so(8)"), and what it always loads. */
const SYSTEM_LISTS = ['/etc/ld.so.cache', '/etc/ld.so.preload'];
/**
 * Libraries of the system with which a compiler works, and which are no compiler: C and C++, compression, terminals, XML.
 * To hash them would take as long as the compiler itself, and an update of the system would make all its objects new.
 */
const SYSTEM_FOLDER = /^(?:\/usr)?\/lib(?:32|64|x32)?(?:\/[\w.]+-linux-gnu\w*)?\/[^/]+$/;
const SYSTEM_LIBRARY =
  /^(?:ld-linux.*|ld64|lib(?:c|m|dl|rt|pthread|util|mvec|resolv|gcc_s|stdc\+\+|c\+\+|c\+\+abi|unwind|atomic|z|zstd|lzma|bz2|z3|ffi|edit|bsd|md|tinfow?|ncursesw?|xml2|icu\w+))[-.\d]*\.so(?:[.\d]*)$/;

/**
 * Asks the loader, which does not start the program ("ld.so(8)": LD_TRACE_LOADED_OBJECTS, LD_DEBUG=libs). Undefined for
 * programs that no such loader starts.
 */
export async function loadedLibraries(lookup: CompilerLookup): Promise<LoadedLibraries | undefined> {
  if (!isStartedByGlibc(lookup.compiler)) return undefined;
  const { LD_DEBUG_OUTPUT, ...others } = lookup.environment;
  const environment = { ...others, LD_TRACE_LOADED_OBJECTS: '1', LD_DEBUG: 'libs' };
  const text = textOf(await question({ ...lookup, environment }, []));
  const listed = Array.from(text.matchAll(LISTED), ([, name = '']) => name);
  const named = namedFirst(lookup.environment);
  const looked = Array.from(text.matchAll(TRIED), ([, name = '']) => name);
  // A name is not normalised: `..` after a link leads elsewhere.
  const inFolder = (name: string) =>
    isAbsolute(name) ? decoded(name) : `${lookup.workingDirectory}/${decoded(name)}`;
  const loaded = new Set([...named.filter((name) => statIfThere(inFolder(name))), ...listed].map(inFolder));
  const tried = new Set([...named, ...looked].map(inFolder).filter((path) => !loaded.has(path)));
  return {
    parts: [...loaded].filter((path) => !isOfSystem(path)),
    tried: [...tried],
    isOfFolder: [...listed, ...named, ...looked].some((name) => !isAbsolute(name)),
  };
}

/** `libz.so.1 => /lib/libz.so.1 (0x7f00)`, or without the first name if it is a path. */
const LISTED = /^\t(?:\S.* => )?(\S*\/.*) \(0x[0-9a-f]+\)$/gm;
const TRIED = /^\s*\d+:\t {2}trying file=(.*)$/gm;

function decoded(name: string): string {
  return Buffer.from(name, 'latin1').toString();
}

/** The files that these variables name by a path. The loader searches for the other ones, and says where. */
function namedFirst({ LD_PRELOAD = '', LD_AUDIT = '' }: CompilerLookup['environment']): string[] {
  const names = [...LD_PRELOAD.split(/[ :]/), ...LD_AUDIT.split(':')];
  return names.filter((name) => name.includes('/')).map((name) => Buffer.from(name).toString('latin1'));
}

function isOfSystem(path: string): boolean {
  return SYSTEM_FOLDER.test(path) && SYSTEM_LIBRARY.test(basename(path));
}

/** The present state of the places that the loader searched. */
export function searchedPlaces(
  { tried }: LoadedLibraries,
  { workingDirectory }: Pick<CompilerLookup, 'workingDirectory'>,
): SearchedPlaces {
  const folders = new Set<string>();
  const absent = new Set<string>();
  const note = (path: string) => (statIfThere(path) ? folders : absent).add(path);
  for (const list of SYSTEM_LISTS) note(list);
  for (const path of tried) {
    const folder = dirname(path);
    // A build writes into its own folder all the time, so there the files themselves are watched.
    if (!statIfThere(folder)) note(firstAbsent(folder));
    else if (isWithin(folder, workingDirectory) || statIfThere(path)) note(path);
    else note(folder);
  }
  return {
    folders: [...folders].map(statFile),
    // If a watched folder gets an entry, its own state changes.
    absent: [...absent].filter((path) => !folders.has(dirname(path))),
  };
}

/** The uppermost folder that is not there. */
function firstAbsent(folder: string): string {
  const above = dirname(folder);
  return above === folder || statIfThere(above) ? folder : firstAbsent(above);
}

function isWithin(folder: string, other: string): boolean {
  return `${realPath(folder)}/`.startsWith(`${realPath(other)}/`);
}
