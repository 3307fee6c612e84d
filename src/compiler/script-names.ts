/** What a script that starts a compiler names: programs, other scripts, files that say which compiler it is to be. */
import { type PathStyle, pathRules } from '../util/paths.ts';
import { isPlainLine } from './plain-script.ts';

export interface ScriptContext {
  readonly style: PathStyle;
  /** The folder of the script, with links followed. */
  readonly folder: string;
  /** True where the script is called by a link in another folder, which it may take for its own. */
  readonly isLinked: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ScriptNames {
  /** Paths as they would be used, and bare words. */
  readonly names: readonly string[];
  /** `PATH` as the script has it when it is done with it. */
  readonly searchPath: string;
  /** False where what it starts may hang on more than its text, its environment and what lies under these names. */
  readonly isPlain: boolean;
}

/** Programs that compile, by their names. Of a script that chooses between several, each counts. */
export const IS_COMPILER =
  /(?:^|[-_.\\/])(?:cl|clang|clang-cl|clang\+\+|cc|gcc|g\+\+|c\+\+)(?:[-_.]?\d[\d.]*)?(?:\.exe)?$/i;

/** The usual ways of a script to say "the folder in which I lie". */
const OWN_FOLDER =
  /\$\((?:[^()]|\([^()]*\)|\$\([^()]*\))*(?:dirname|BASH_SOURCE)(?:[^()]|\([^()]*\)|\$\([^()]*\))*\)|`[^`]*dirname[^`]*`|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\}|%~dp0/g;
const ENTERED_FOLDER = /\$\(\s*cd\s+"?([^"()$&`]+?)"?\s*&&\s*pwd(?:\s+-P)?\s*\)/g;
const WRITTEN_FILE = /\d?>>?\s*(?:"([^"]*)"|'([^']*)'|([^\s;&|)]+))/g;
const ASSIGNMENT = /^(?:export\s+|set\s+"?)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s;]*)/;
const VARIABLE = /\$\{(\w+)(?::?[-=]([^}]*))?\}|\$(\w+)|%(\w+)%/g;
const SHELL = /^#!\s*\S*?(?:\/|env\s+)(?:ba|da|k|z|a)?sh\b/;
const MOST_NAMES = 200;

/** Variables that differ from call to call of one build, and that wrappers seldom look at to choose their compiler. */
export const VOLATILE =
  /^(?:PWD|OLDPWD|SHLVL|_|RANDOM|SECONDS|G?MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|MAKELEVEL|MAKE_TERM(?:ERR|OUT)|NINJA_STATUS|COLUMNS|LINES|TMP|TEMP|TMPDIR|CL|_CL_|_MSPDBSRV_ENDPOINT_|CLCACHE_(?:CHAIN|LOG|PROFILE))$/i;

/** Reads a script of a shell, or a batch file. Of any other language it says that it is not plain. */
export function namesInScript(text: string, context: ScriptContext): ScriptNames {
  const { style, folder, environment } = context;
  const variables = new Map(Object.entries(environment).map(([name, value]) => [name, value ?? '']));
  const valueNamed = (name: string) => variables.get(name) ?? '';
  const expand = (line: string) =>
    line.replaceAll(
      VARIABLE,
      (_, braced?: string, fallback = '', bare?: string, percent?: string) =>
        valueNamed(braced ?? bare ?? percent ?? '') || fallback,
    );
  const startsCompiler = (word: string) => {
    const program = expand(word);
    return IS_COMPILER.test(program.replaceAll(/["']/g, '')) && (word !== program || !/\s/.test(program));
  };
  const language = languageOf(text, style);
  const own = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|::|@?rem\b)/i.test(line));
  const { sep } = pathRules(style);
  const lines = own
    .map((line) => line.replaceAll(OWN_FOLDER, (found) => (found === '%~dp0' ? `${folder}${sep}` : folder)))
    .map((line) => line.replaceAll(ENTERED_FOLDER, '$1'));
  let isPlain = !(context.isLinked && own.some((line) => line.search(OWN_FOLDER) >= 0));
  // A log that each call adds to is nothing that decides.
  const written = new Set<string>();
  const names = new Set<string>();
  for (const line of lines) {
    isPlain &&= language !== undefined && isPlainLine(line, language, startsCompiler) && !isUnsteady(line);
    const expanded = expand(line);
    const [, name, value = ''] = ASSIGNMENT.exec(expanded.trim()) ?? [];
    if (name !== undefined) variables.set(name, value.replaceAll(/^["']|["']$/g, ''));
    const read = expanded.replaceAll(WRITTEN_FILE, (_, quoted?: string, single?: string, bare?: string) => {
      written.add(quoted ?? single ?? bare ?? '');
      return ' ';
    });
    for (const word of wordsOf(read)) if (names.size < MOST_NAMES) names.add(word);
  }
  return {
    names: [...names].filter((name) => !written.has(name) || IS_COMPILER.test(name)),
    searchPath: valueNamed('PATH'),
    isPlain: isPlain && names.size < MOST_NAMES,
  };
}

function languageOf(text: string, style: PathStyle): 'shell' | 'batch' | undefined {
  if (style === 'win32') return 'batch';
  return SHELL.test(text) || !text.startsWith('#!') ? 'shell' : undefined;
}

/** True where a variable counts that differs from call to call of one build. */
function isUnsteady(line: string): boolean {
  const names = Array.from(
    line.matchAll(VARIABLE),
    ([, braced, , bare, percent]) => braced ?? bare ?? percent,
  );
  return names.some((name) => name !== undefined && name !== 'PWD' && VOLATILE.test(name));
}

/** What stands in quotes as a whole, and everything between the signs that a shell parts words by. */
function wordsOf(line: string): string[] {
  const quoted = Array.from(line.matchAll(/"([^"]+)"|'([^']+)'/g), ([, one, other]) => one ?? other ?? '');
  const words = [...quoted, ...line.split(/[\s"'`;|&()<>{}[\]=,]+/)];
  return words.filter((word) => /[\w]/.test(word) && !word.startsWith('-') && !word.includes('\0'));
}
