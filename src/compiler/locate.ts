import { closeSync, openSync, readSync } from 'node:fs';
import { environmentValue } from '../util/environment.ts';
import { realPath, statIfThere } from '../util/file-stat.ts';
import { pathRules } from '../util/paths.ts';

export interface LocateInput {
  /** The arguments without the program's own name. */
  readonly arguments: readonly string[];
  /** `CLCACHE_CL`, when set. */
  readonly configured: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly style: 'win32' | 'posix';
  readonly workingDirectory: string;
  /** Real path of this program: it is never taken for the compiler, whatever it is called. */
  readonly self: string;
}

export type Located =
  | { readonly kind: 'found'; readonly compiler: string; readonly arguments: readonly string[] }
  | { readonly kind: 'notFound'; readonly searched: string };

/**
 * The compiler that a call is for: the first argument when it names one (ccache's way, and that of CMake's launcher),
 * else `CLCACHE_CL`, else `cl.exe` from `PATH`.
 */
export function locateCompiler(input: LocateInput): Located {
  const [first, ...rest] = input.arguments;
  if (first !== undefined && mayNameCompiler(first)) {
    const compiler = resolveProgram(input, first);
    if (compiler && (first.toLowerCase().endsWith('.exe') || !isSource(first))) {
      return { kind: 'found', compiler, arguments: rest };
    }
    if (first.toLowerCase().endsWith('.exe'))
      return { kind: 'notFound', searched: searchedFor(input, first) };
  }
  for (const name of input.configured ? [input.configured] : DEFAULT_NAMES[input.style]) {
    const compiler = resolveProgram(input, name);
    if (compiler) return { kind: 'found', compiler, arguments: input.arguments };
  }
  return { kind: 'notFound', searched: searchedFor(input, input.configured ?? 'cl.exe') };
}

const DEFAULT_NAMES = { win32: ['cl.exe'], posix: ['cl.exe', 'cl'] } as const;

function mayNameCompiler(word: string): boolean {
  return !/^[-@]/.test(word) && (!word.startsWith('/') || word.indexOf('/', 1) > 0);
}

function isSource(word: string): boolean {
  return /\.(?:c|cc|cpp|cxx|c\+\+|cppm|ixx|i|ii|obj|o|lib|a|res|def)$/i.test(word);
}

function searchedFor(input: LocateInput, name: string): string {
  return /[\\/]/.test(name)
    ? name
    : `'${name}' on PATH (${environmentValue(input.environment, input.style, 'PATH') ?? 'which is not set'})`;
}

/** A path is taken as it stands; a bare name is looked up on `PATH`. Our own program is passed over. */
function resolveProgram(input: LocateInput, name: string): string | undefined {
  const path = pathRules(input.style);
  const isPath = input.style === 'win32' ? /[\\/]|^[a-z]:/i.test(name) : name.includes('/');
  const folders = isPath
    ? ['']
    : (environmentValue(input.environment, input.style, 'PATH') ?? '')
        .split(path.delimiter)
        .map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  const endings =
    input.style === 'win32' && !/\.(?:exe|com|bat|cmd)$/i.test(name)
      ? ['.exe', '.com', '.bat', '.cmd']
      : [''];
  for (const folder of folders) {
    if (folder === '' && !isPath) continue;
    for (const ending of endings) {
      const candidate = path.resolve(input.workingDirectory, folder, name + ending);
      if (isProgram(input.style, candidate) && !isSelf(input.self, candidate)) return candidate;
    }
  }
  return undefined;
}

function isProgram(style: LocateInput['style'], candidate: string): boolean {
  const stat = statIfThere(candidate);
  return stat?.isFile() === true && (style === 'win32' || (stat.mode & 0o111) !== 0);
}

/** True for this very file, a link to it, and a copy of it under another name. */
function isSelf(self: string, candidate: string): boolean {
  // Inode numbers would not do: on Windows they do not fit into a number.
  if (realPathIfThere(candidate) === self) return true;
  const [mine, theirs] = [statIfThere(self), statIfThere(candidate)];
  if (mine === undefined || mine.size !== theirs?.size) return false;
  // An executable with the program inside: same size, same beginning and same end is the same build.
  return endsOf(self, mine.size).equals(endsOf(candidate, theirs.size));
}

function realPathIfThere(path: string): string | undefined {
  try {
    return realPath(path);
  } catch {
    // Gone since it was found.
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
