/** What decides which compiler a wrapper starts: all names in its text, and where these lead. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOfFile } from '../../hash/file-digest.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { type PathStyle, pathRules } from '../../util/paths.ts';
import { isScript, statFile } from './compiler-files.ts';
import { type CompilerFile, type CompilerLookup, isUnchanged } from './compiler-record.ts';
import { IS_COMPILER, namesInScript } from './script-names.ts';

/** One name. */
export interface Reference {
  /** The places that are searched for it, in order, up to the first existing one. */
  readonly places: readonly string[];
  /** The file in the last of them, with links resolved. Undefined if there is none in any place. */
  readonly file?: CompilerFile;
  /** True for a file that is read or run as text. */
  readonly isText?: boolean;
  /** True for a text, and for a program that may start the compiler. */
  readonly isPart?: true;
}

export interface References {
  readonly references: readonly Reference[];
  /** False if more than that may decide. */
  readonly isPlain: boolean;
  /** True if one of the scripts names one before it: they may start each other without end. */
  readonly isCircular: boolean;
}

const STYLE: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';
const ENDINGS = STYLE === 'win32' ? ['', '.exe', '.bat', '.cmd'] : [''];
const MOST_SCRIPTS = 20;
/** A longer file is not a script. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * Follows a script to what it names, and on from there if that is a script. A program that is not a script is taken to
 * search for its like on `PATH`.
 */
export function referencesOf(lookup: CompilerLookup): References {
  const { compiler, environment, workingDirectory } = lookup;
  const own = realPath(compiler);
  if (!isScript(own)) {
    const name = pathRules(STYLE).basename(compiler);
    const references = [refer(placesOnPath(name, environment['PATH'] ?? ''), own)];
    return { references, isPlain: true, isCircular: false };
  }
  const references: Reference[] = [];
  const scripts = [own];
  const linked = new Set(dirname(compiler) === dirname(own) ? [] : [own]);
  // A shell sets it.
  const inFolder = STYLE === 'posix' ? { ...environment, PWD: workingDirectory } : environment;
  let isPlain = true;
  let isCircular = false;
  for (const script of scripts) {
    const folder = dirname(script);
    const isLinked = linked.has(script);
    const text = readFileSync(script, 'latin1');
    const context = { style: STYLE, folder, isLinked, environment: inFolder };
    const found = namesInScript(text, context);
    isPlain &&= found.isPlain;
    for (const name of found.names) {
      for (const searched of placesOf(name, found.searchPath, [folder, workingDirectory])) {
        const reference = refer(searched, script);
        const { file, isText, places } = reference;
        if (!file && !(places.length === 1 && IS_COMPILER.test(name))) continue;
        references.push(reference);
        if (!file || !isText) continue;
        if (dirname(places.at(-1) ?? '') !== dirname(file.path)) linked.add(file.path);
        isCircular ||= scripts.includes(file.path);
        if (!scripts.includes(file.path)) scripts.push(file.path);
      }
    }
    if (scripts.length > MOST_SCRIPTS) return { references, isPlain: false, isCircular: true };
  }
  return { references, isPlain, isCircular };
}

/** Whether a name still leads to the same, unchanged file. */
export function isAsItWas({ places, file }: Reference): boolean {
  const last = places.at(-1);
  const isEmpty = (place: string) => !isFile(place);
  if (!file) return places.every(isEmpty);
  return (
    last !== undefined &&
    places.slice(0, -1).every(isEmpty) &&
    isFile(last) &&
    realPath(last) === file.path &&
    isUnchanged(file)
  );
}

/** Lists of places, each searched up to the first existing one. A relative path may be meant from either folder. */
function placesOf(name: string, searchPath: string, folders: readonly string[]): string[][] {
  const rules = pathRules(STYLE);
  if (rules.isAbsolute(name)) return [[name]];
  if (/[\\/]/.test(name)) return [...new Set(folders)].map((folder) => [rules.join(folder, name)]);
  return /^[\w.+-]+$/.test(name) ? [placesOnPath(name, searchPath)] : [];
}

function placesOnPath(name: string, searchPath: string): string[] {
  const { delimiter, join } = pathRules(STYLE);
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => ENDINGS.map((ending) => join(folder, `${name}${ending}`)));
}

function refer(places: readonly string[], self: string): Reference {
  const others = places.filter((place) => !(isFile(place) && realPath(place) === self));
  const at = others.findIndex(isFile);
  const found = others[at];
  if (found === undefined) return { places: others };
  const file = statFile(realPath(found));
  const isText = file.size < LONGEST_TEXT && isScript(file.path);
  const isPart = isText || isPartOfWrapper(file.path);
  const digest = isPart ? digestOfFile(file.path, file.size) : undefined;
  return {
    places: others.slice(0, at + 1),
    file: digest ? { ...file, digest } : file,
    isText,
    ...(isPart && { isPart }),
  };
}

/** Programs of the system do the same in each version, as far as a script that starts a compiler uses them. */
const SYSTEM_PROGRAMS = /^(?:\/usr(?:\/local)?)?\/s?bin\/|^[a-z]:\\windows\\/i;

/** A program that the script may start, and that may then start the compiler. Compilers are looked up by themselves. */
function isPartOfWrapper(path: string): boolean {
  if (IS_COMPILER.test(path) || SYSTEM_PROGRAMS.test(path)) return false;
  return STYLE === 'win32' ? /\.exe$/i.test(path) : ((statIfThere(path)?.mode ?? 0) & 0o111) !== 0;
}

/** The files that may decide what a wrapper starts, beside the compilers among them. */
export function partsAmong(references: readonly Reference[]): CompilerFile[] {
  return references.flatMap(({ file, isPart }) => (file && isPart ? [file] : []));
}

function isFile(path: string): boolean {
  return statIfThere(path)?.isFile() ?? false;
}
