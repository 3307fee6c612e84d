/** Decides whether a line is for clcache itself or for the compiler; nothing more is loaded for that. */

export type Dispatch =
  | { readonly kind: 'own'; readonly argv: readonly string[] }
  | { readonly kind: 'compile' };

/** What stands for itself. The compiler has some of these too (`-c`, `-C`), but never alone on a line. */
const ACTIONS: ReadonlySet<string> = new Set(
  '-s --stats -c --clean -C --clear -z --reset --msbuild --cmake -h --help --version'.split(' '),
);
const MODIFIERS: ReadonlySet<string> = new Set(['--json']);
/** What is followed by a value, whatever that looks like. */
const WITH_VALUE: ReadonlySet<string> = new Set(['--export', '--import']);
const WITH_VALUE_ATTACHED = /^--(?:export|import)=/;
const SINCE = '--since';
const SET_SIZE: ReadonlySet<string> = new Set(['-M', '--set-size']);
/** `-M1000` and `--set-size=…`; `-MD` and its like are the compiler's. */
const SET_SIZE_WITH_VALUE = /^(-M=?\d|--set-size=)/;
const LOOKS_LIKE_SIZE = /^\s*[+-]?\d/;

/**
 * A line is ours if nothing but own options and what belongs to them is on it: `clcache -c` cleans, `clcache -c foo.cpp`
 * compiles. An empty line is the compiler's: build tools start `cl` bare to read its version.
 */
export function dispatch(argv: readonly string[]): Dispatch {
  let actions = 0;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (MODIFIERS.has(word) || word.startsWith(`${SINCE}=`)) continue;
    if (word === SINCE || WITH_VALUE.has(word)) {
      index += 1;
      if (word !== SINCE) actions += 1;
      continue;
    }
    if (SET_SIZE.has(word)) {
      actions += 1;
      if (isValueOfSetSize(argv, index + 1)) index += 1;
    } else if (ACTIONS.has(word) || SET_SIZE_WITH_VALUE.test(word) || WITH_VALUE_ATTACHED.test(word))
      actions += 1;
    else return { kind: 'compile' };
  }
  return actions > 0 ? { kind: 'own', argv } : { kind: 'compile' };
}

/** Whatever follows a lone `-M` is its value, and refused there if it is no size; on longer lines only a size is. */
function isValueOfSetSize(argv: readonly string[], index: number): boolean {
  const value = argv[index];
  if (value === undefined) return false;
  return (index === 1 && argv.length === 2) || LOOKS_LIKE_SIZE.test(value);
}
