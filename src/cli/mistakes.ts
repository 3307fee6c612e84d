/** Recognises lines that were meant for clcache but are not quite right, and says what is wrong. */

import { editDistance } from '../util/nearest-word.ts';
import { quoted } from '../util/one-line.ts';
import { ownOption } from './dispatch.ts';
import { isModifier, OPTION_ROWS, OPTIONS, type OptionRow } from './options.ts';

const { stats, clean, clear, reset, setSize, version, set, unset, config } = OPTIONS;

/** Options of ccache, sccache and buildcache, with the option or the place that clcache has for the same purpose. */
const WORDS_OF_OTHERS: Readonly<Record<string, OptionRow | string>> = {
  '--show-stats': stats,
  '--print-stats': `${stats.long} --json`,
  '--show-adv-stats': stats,
  '--show-log-stats': stats,
  '--print-log-stats': stats,
  '--stats-format': `${stats.long} --json`,
  '--format': `${stats.long} --json`,
  '--zero-stats': reset,
  '--cleanup': clean,
  '--clear-cache': clear,
  '--max-size': setSize,
  '--max-files': 'a limit of bytes, --set-size BYTES; there is none for the number of files',
  '-F': 'a limit of bytes, --set-size BYTES; there is none for the number of files',
  '--evict-namespace': clear,
  '--trim-dir': clean,
  '--show-config': config,
  '-p': config,
  '--get-config': config,
  '--set-config': set,
  '--config-path': config,
  '--edit-config': set,
  '--dir': 'the environment variable CLCACHE_DIR',
  '--directory': 'the environment variable CLCACHE_DIR',
  '--recompress': 'the environment variable CLCACHE_COMPRESS, for what is stored from then on',
  '-X': 'the environment variable CLCACHE_COMPRESS, for what is stored from then on',
  '--show-compression': stats,
  '-x': stats,
  '--start-server': 'no server; one for hashes is started by clcache-server',
  '--stop-server': 'no server; one for hashes is started by clcache-server',
  '--print-version': version,
};

/** With more wrong letters it is another word. */
const WRONG_LETTERS = 2;

/** One line that says what is wrong and what to do. Undefined if the line is the compiler's. */
export function explainMistake(argv: readonly string[]): string | undefined {
  const [first = '', ...rest] = argv;
  const own = ownOption(first);
  if (own !== undefined) {
    const isCertain = first.startsWith('--') && !isShared(own.row);
    const isWithout = own.row.isValueOptional === true && rest[0]?.startsWith('-') === true;
    const takesNext = own.row.value !== undefined && !own.hasValue && !isWithout;
    const others = takesNext ? rest.slice(1) : rest;
    return isCertain || others.some(isMisspelt) ? explainRest(own.row, others) : undefined;
  }
  if (SEVERAL_SHORT.test(first)) return `one option at a time, please: '${first}' are several`;
  const [name = ''] = first.split('=');
  // An option that takes a value would have been recognised with it.
  if (OPTION_ROWS.some(({ long }) => long === name)) return `${name} takes no value; see clcache --help`;
  const meant = Object.hasOwn(WORDS_OF_OTHERS, name) ? WORDS_OF_OTHERS[name] : undefined;
  if (meant !== undefined) return `clcache has no ${name}, but ${nameOf(meant)}`;
  const near = nearestOption(name);
  return near && `clcache has no ${name}: did you mean ${nameOf(near)}?`;
}

/**
 * True for a word of two dashes that is a letter or two from an own one. Compilers have words of two dashes as well, so the
 * next own one must be near.
 */
function isMisspelt(word: string): boolean {
  return word.startsWith('--') && ownOption(word) === undefined && nearestOption(word) !== undefined;
}

/** Short options behind one dash, as in `-sz`. */
const SEVERAL_SHORT = new RegExp(
  `^-[${OPTION_ROWS.flatMap(({ short, value }) => (value === undefined ? (short?.slice(1) ?? []) : [])).join('')}]{2,}$`,
);

/** No line for a compiler begins with this word. So the line is clcache's, and one of its other words is wrong. */
function explainRest(row: OptionRow, rest: readonly string[]): string {
  if (isModifier(row)) return `${row.long} belongs to ${row.belongsTo.join(' or ')}`;
  const wrong = rest.find((word) => ownOption(word) === undefined) ?? '';
  const near = wrong.startsWith('-') ? nearestOption(wrong) : undefined;
  // What was cut off at a blank may be a secret.
  if (near === undefined && (row === set || row === unset))
    return `${row.long} takes ${row.value?.toUpperCase()} in one word`;
  const question = near === undefined ? 'see clcache --help' : `did you mean ${nameOf(near)}?`;
  return `${quoted(wrong)} does not belong to ${row.long}: ${question}`;
}

function nameOf(option: OptionRow | string): string {
  if (typeof option === 'string') return option;
  return option.short === undefined ? option.long : `${option.long} (${option.short})`;
}

/**
 * The own option that was meant by a mistyped word: a wrong letter or two, a dash of another kind, one dash for two.
 */
function nearestOption(word: string): OptionRow | undefined {
  const [, dashes = '', letters = ''] = /^([-\u2010-\u2015]+)(.*)$/.exec(word) ?? [];
  if (dashes === '') return undefined;
  const isOneDash = dashes === '-';
  const ranked = OPTION_ROWS.map((row) => ({ row, wrong: editDistance(letters, row.long.slice(2)) }))
    .filter(({ row, wrong }) => wrong <= (isOneDash ? 0 : allowed(row)) && !(isOneDash && isShared(row)))
    .sort((a, b) => a.wrong - b.wrong);
  return ranked[0]?.row ?? (isOneDash || dashes === '--' ? undefined : shortOption(letters));
}

function allowed({ long }: OptionRow): number {
  return Math.min(WRONG_LETTERS, Math.floor((long.length - 2) / 3));
}

function isShared(row: OptionRow): boolean {
  return row.isSharedWithCompilers === true;
}

function shortOption(letter: string): OptionRow | undefined {
  return OPTION_ROWS.find(({ short }) => short !== undefined && short.slice(1) === letter);
}
