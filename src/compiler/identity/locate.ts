import { closeSync, openSync, readSync } from 'node:fs';
import { decodeResponseFile } from '../../commandline/read/response-file.ts';
import { tokenizeLines } from '../../commandline/read/tokenizer.ts';
import { type Environment, environmentValue } from '../../util/environment.ts';
import { readFileIfThere, realPath, statIfThere } from '../../util/file-stat.ts';
import { foldCase, type PathStyle, pathRules } from '../../util/paths.ts';
import { fileNameOf, isCompilerName, stemOf } from '../../util/program-name.ts';

export interface LocateInput {
  /** The arguments without the program's own name. */
  readonly arguments: readonly string[];
  /** `CLCACHE_CL`, if it is set. */
  readonly configured: string | undefined;
  readonly environment: Environment;
  readonly style: PathStyle;
  readonly workingDirectory: string;
  /** The real path of this program. It is never taken for the compiler, whatever its name. */
  readonly self: string;
  /** The compiler's name under which this program was started. Then no word of the line is clcache's own. */
  readonly calledAs?: string | undefined;
  /** Programs to skip: they are not compilers, or were started already on the way to this call. */
  readonly passedOver?: readonly string[];
}

export type Located =
  | {
      readonly kind: 'found';
      readonly compiler: string;
      readonly arguments: readonly string[];
      /** True if the line or CLCACHE_CL names the program, and not `PATH`. */
      readonly isChosen: boolean;
    }
  | {
      readonly kind: 'notFound';
      readonly searched: string;
      /** What names the program. Missing if it is this program's own name or the default. */
      readonly namedBy?: 'the line' | 'CLCACHE_CL';
      /** The first word of the line, if it could be a compiler's name. */
      readonly word?: string;
    };

/**
 * The compiler of a call: the first argument if it names one (as with ccache and CMake's launcher), else `CLCACHE_CL`,
 * else the compiler whose name this program has, else `cl.exe` from `PATH`.
 */
export function locateCompiler(input: LocateInput): Located {
  const args = input.calledAs === undefined ? withCompilerOfFile(input) : input.arguments;
  const [first, ...rest] = args;
  const word =
    input.calledAs === undefined && first !== undefined && mayNameCompiler(first) ? first : undefined;
  if (word !== undefined) {
    const { program, isOurs } = resolveProgram(input, word);
    const isExe = word.toLowerCase().endsWith('.exe');
    if (program && (isExe || !isSource(word)))
      return { kind: 'found', compiler: program, arguments: rest, isChosen: isPath(input, word) };
    // `clcache clcache cl a.c`: a launcher before a launcher.
    if (isOurs && !isCompilerName(word)) return locateCompiler({ ...input, arguments: rest });
    const isCompiler = isExe || isOurs || (isCompilerName(word) && !isSource(word) && !isThere(input, word));
    if (isCompiler)
      return { kind: 'notFound', searched: searchedFor(input, [word], isOurs), namedBy: 'the line', word };
  }
  const names = input.configured ? [input.configured] : ownNames(input);
  let hasMetUs = false;
  for (const name of names) {
    const { program, isOurs } = resolveProgram(input, name);
    if (program) {
      const isChosen = input.configured !== undefined && isPath(input, name);
      return { kind: 'found', compiler: program, arguments: args, isChosen };
    }
    hasMetUs ||= isOurs;
  }
  const searched = searchedFor(input, input.configured ? names : names.slice(0, 1), hasMetUs);
  return {
    kind: 'notFound',
    searched,
    ...(input.configured && { namedBy: 'CLCACHE_CL' }),
    ...(word !== undefined && !isSource(word) && { word }),
  };
}

const DEFAULT_NAMES = { win32: ['cl.exe'], posix: ['cl.exe', 'cl'] } as const;

function ownNames({ calledAs, style }: LocateInput): readonly string[] {
  if (calledAs === undefined) return DEFAULT_NAMES[style];
  return stemOf(calledAs).toLowerCase() === 'cl' ? [calledAs, ...DEFAULT_NAMES[style]] : [calledAs];
}

/**
 * SCons writes a line that is too long for the system to a file, except for its first word: `clcache @file`, with the
 * compiler's name in the file.
 */
function withCompilerOfFile(input: LocateInput): readonly string[] {
  const [first = '', ...rest] = input.arguments;
  if (!/^@./.test(first)) return input.arguments;
  const bytes = readFileIfThere(pathRules(input.style).resolve(input.workingDirectory, first.slice(1)));
  const tokens = tokenizeLines((bytes && decodeResponseFile(bytes, input.style)) ?? '');
  const word = tokens[0]?.text ?? '';
  const isClear = tokens.every(({ isDubious, isUnterminated }) => !isDubious && !isUnterminated);
  if (!isClear || !mayNameCompiler(word) || isSource(word)) return input.arguments;
  const { program, isOurs } = resolveProgram(input, word);
  const namesCompiler = program !== undefined || isOurs || isCompilerName(word);
  return namesCompiler ? [...tokens.map(({ text }) => text), ...rest] : input.arguments;
}

function mayNameCompiler(word: string): boolean {
  return word !== '' && !/^[-@]/.test(word) && (!word.startsWith('/') || word.indexOf('/', 1) > 0);
}

function isSource(word: string): boolean {
  return /\.(?:c|cc|cpp|cxx|c\+\+|cppm|ixx|i|ii|obj|o|lib|a|res|def)$/i.test(word);
}

function isThere({ style, workingDirectory }: LocateInput, word: string): boolean {
  return statIfThere(pathRules(style).resolve(workingDirectory, word))?.isFile() === true;
}

function searchedFor(input: LocateInput, names: readonly string[], hasMetUs: boolean): string {
  const name = names.join();
  const where = isPath(input, name) ? name : `'${name}' on PATH (${describePath(input)})`;
  return hasMetUs ? `${where}, where only clcache itself was found` : where;
}

/** A whole PATH would fill the screen and hide the message. */
function describePath({ environment, style }: LocateInput): string {
  const path = environmentValue(environment, style, 'PATH');
  if (path === undefined) return 'which is not set';
  const [first, ...others] = foldersOf(style, path);
  if (first === undefined) return 'which names no folder';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function foldersOf(style: PathStyle, path: string): string[] {
  const folders = path.split(pathRules(style).delimiter).map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  return folders.filter((folder) => folder !== '');
}

function isPath({ style }: LocateInput, name: string): boolean {
  return style === 'win32' ? /[\\/]|^[a-z]:/i.test(name) : name.includes('/');
}

interface Resolved {
  readonly program?: string;
  /** True if the name leads to this program or to one that is skipped. */
  readonly isOurs: boolean;
}

/**
 * A path is taken as it is. A bare name is looked up on `PATH`. This program and those to be skipped do not count: if
 * the path leads to one of them, the next program of that name is searched for.
 */
function resolveProgram(input: LocateInput, name: string): Resolved {
  let isOurs = false;
  for (const candidate of candidatesFor(input, name)) {
    if (!isProgram(input.style, candidate)) continue;
    if (!isPassedOver(input, candidate)) return { program: candidate, isOurs };
    isOurs = true;
  }
  if (!isOurs || !isPath(input, name)) return { isOurs };
  return { ...resolveProgram(input, fileNameOf(name)), isOurs };
}

function* candidatesFor(input: LocateInput, name: string): Generator<string> {
  const path = pathRules(input.style);
  const folders = isPath(input, name)
    ? ['.']
    : foldersOf(input.style, environmentValue(input.environment, input.style, 'PATH') ?? '');
  const endings =
    input.style === 'win32' && !/\.(?:exe|com|bat|cmd)$/i.test(name)
      ? ['.exe', '.com', '.bat', '.cmd']
      : [''];
  for (const folder of folders) {
    for (const ending of endings) yield path.resolve(input.workingDirectory, folder, name + ending);
  }
}

function isPassedOver({ style, self, passedOver = [] }: LocateInput, candidate: string): boolean {
  return (
    passedOver.some((one) => foldCase(style, one) === foldCase(style, candidate)) || isSelf(self, candidate)
  );
}

function isProgram(style: PathStyle, candidate: string): boolean {
  const stat = statIfThere(candidate);
  return stat?.isFile() === true && (style === 'win32' || (stat.mode & 0o111) !== 0);
}

/** True for this file, a link to it, and a copy of it under another name. */
function isSelf(self: string, candidate: string): boolean {
  // Not by inode numbers: on Windows they do not fit into a number.
  if (realPathIfThere(candidate) === self) return true;
  const [mine, theirs] = [statIfThere(self), statIfThere(candidate)];
  if (mine === undefined || mine.size !== theirs?.size) return false;
  // Executables with the same size, beginning and end are the same build.
  try {
    return endsOf(self, mine.size).equals(endsOf(candidate, theirs.size));
  } catch {
    // A file that this user may run but not read.
    return false;
  }
}

function realPathIfThere(path: string): string | undefined {
  try {
    return realPath(path);
  } catch {
    // The file was removed meanwhile.
    return undefined;
  }
}

function endsOf(file: string, size: number): Buffer {
  const part = Math.min(size, 65_536);
  const bytes = Buffer.alloc(2 * part);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes, 0, part, 0);
    readSync(descriptor, bytes, part, part, size - part);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
