/** Finds the names in a script that starts a compiler: programs, other scripts, files that choose the compiler. */
import { type PathStyle, pathRules } from '../../util/paths.ts';
import { isPlainLine } from './plain-script.ts';

export interface ScriptContext {
  readonly style: PathStyle;
  /** The folder of the script, with links resolved. */
  readonly folder: string;
  /** True if the script was called through a link in another folder, which it may take for its own. */
  readonly isLinked: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ScriptNames {
  /** Paths and bare words. */
  readonly names: readonly string[];
  /** `PATH` after the script has changed it. */
  readonly searchPath: string;
  /** False if something else than its text, its environment and the files of these names may decide what it starts. */
  readonly isPlain: boolean;
}

/** The names of programs that compile. If a script chooses between several, each counts. */
export const IS_COMPILER =
  /(?:^|[-_.\\/])(?:cl|clang|clang-cl|clang\+\+|cc|gcc|g\+\+|c\+\+)(?:[-_.]?\d[\d.]*)?(?:\.exe)?$/i;

/** The usual expressions of a script for its own folder. */
const OWN_FOLDER =
  /\$\((?:[^()]|\([^()]*\)|\$\([^()]*\))*(?:dirname|BASH_SOURCE)(?:[^()]|\([^()]*\)|\$\([^()]*\))*\)|`[^`]*dirname[^`]*`|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\}|%~dp0/g;
const ENTERED_FOLDER = /\$\(\s*cd\s+"?([^"()$&`]+?)"?\s*&&\s*pwd(?:\s+-P)?\s*\)/g;
const WORKING_FOLDER = /\$\(\s*pwd(?:\s+-[LP])?\s*\)|`\s*pwd(?:\s+-[LP])?\s*`/g;
const WRITTEN_FILE = /\d?>>?\s*(?:"([^"]*)"|'([^']*)'|([^\s;&|)]+))/g;
const ASSIGNMENT = /^(?:export\s+|set\s+"?)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s;]*)/;
const VARIABLE = /\$\{(\w+)(?::?[-=]([^}]*))?\}|\$(\w+)|%(\w+)%/g;
const SHELL = /^#!\s*\S*?(?:\/|env\s+)(?:ba|da|k|z|a)?sh\b/;
const MOST_NAMES = 200;

/** Variables that differ from call to call of one build. Wrappers seldom choose their compiler by them. */
export const VOLATILE =
  /^(?:PWD|OLDPWD|SHLVL|_|RANDOM|SECONDS|G?MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|MAKELEVEL|MAKE_TERM(?:ERR|OUT)|NINJA_STATUS|COLUMNS|LINES|TMP|TEMP|TMPDIR|CL|_CL_|_MSPDBSRV_ENDPOINT_|CLCACHE_(?:CHAIN|LOG|PROFILE))$/i;

/** Reads a shell script or a batch file. Scripts in other languages are not plain. */
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
    .map((line) => line.replaceAll(ENTERED_FOLDER, '$1'))
    .map((line) => line.replaceAll(WORKING_FOLDER, () => valueNamed('PWD') || '.'));
  let isPlain = !(context.isLinked && own.some((line) => line.search(OWN_FOLDER) >= 0));
  // A log to which each call adds decides nothing.
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

/** True if the line uses a variable that differs from call to call of one build. */
function isUnsteady(line: string): boolean {
  const names = Array.from(
    line.matchAll(VARIABLE),
    ([, braced, , bare, percent]) => braced ?? bare ?? percent,
  );
  return names.some((name) => name !== undefined && name !== 'PWD' && VOLATILE.test(name));
}

/** The quoted words as a whole, and everything between the signs at which a shell splits words. */
function wordsOf(line: string): string[] {
  const quoted = Array.from(line.matchAll(/"([^"]+)"|'([^']+)'/g), ([, one, other]) => one ?? other ?? '');
  const words = [...quoted, ...line.split(/[\s"'`;|&()<>{}[\]=,]+/)];
  return words.filter((word) => /[\w]/.test(word) && !word.startsWith('-') && !word.includes('\0'));
}
