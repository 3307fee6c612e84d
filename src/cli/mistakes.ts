/** Lines that were meant for clcache and are not quite right: what to say in place of giving them to the compiler. */
import { editDistance } from '../util/nearest-word.ts';
import { ownOption } from './dispatch.ts';
import { OPTION_ROWS, OPTIONS, type OptionRow } from './options.ts';

const { stats, clean, clear, reset, setSize, version } = OPTIONS;

/** What ccache, sccache and buildcache call what we have under another name, or where we have it. */
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
  '--evict-older-than': clean,
  '--evict-namespace': clear,
  '--trim-dir': clean,
  '--show-config': 'the environment variables that --help lists; --stats shows what is wrong with them',
  '-p': 'the environment variables that --help lists; --stats shows what is wrong with them',
  '--get-config': 'the environment variables that --help lists',
  '--set-config': 'the environment variables that --help lists',
  '--config-path': 'the environment variables that --help lists',
  '--edit-config': 'the environment variables that --help lists',
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

/** More than this many wrong letters make it another word. */
const WRONG_LETTERS = 2;

/** One line about what is wrong with a line that `mayBeMistaken`, and what to do; undefined if it is the compiler's. */
export function explainMistake(argv: readonly string[]): string | undefined {
  const [first = '', ...rest] = argv;
  const own = ownOption(first);
  if (own !== undefined)
    return first.startsWith('--') && !isShared(own.row) ? explainRest(own.row, rest) : undefined;
  const [name = ''] = first.split('=');
  // One that takes a value would have been known with it.
  if (OPTION_ROWS.some(({ long }) => long === name)) return `${name} takes no value; see clcache --help`;
  const meant = Object.hasOwn(WORDS_OF_OTHERS, name) ? WORDS_OF_OTHERS[name] : undefined;
  if (meant !== undefined) return `clcache has no ${name}, but ${nameOf(meant)}`;
  const near = nearestOption(name);
  return near && `clcache has no ${name}: did you mean ${nameOf(near)}?`;
}

/** Nothing that a compiler is called with begins like this, so the line is ours, and one of its words is not. */
function explainRest(row: OptionRow, rest: readonly string[]): string {
  if (row.belongsTo !== undefined) return `${row.long} belongs to --${row.belongsTo}`;
  const wrong = rest.find((word) => ownOption(word) === undefined) ?? '';
  const near = wrong.startsWith('-') ? nearestOption(wrong) : undefined;
  const question = near === undefined ? 'see clcache --help' : `did you mean ${nameOf(near)}?`;
  return `'${wrong}' does not belong to ${row.long}: ${question}`;
}

function nameOf(option: OptionRow | string): string {
  if (typeof option === 'string') return option;
  return option.short === undefined ? option.long : `${option.long} (${option.short})`;
}

/** The own option that a word is a slip of: a letter or two, a dash of another kind, one dash in place of two. */
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
