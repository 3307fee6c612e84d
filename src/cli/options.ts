/**
 * clcache's own options, one row each. The dispatcher, the parser, the help and the call of the action are made from
 * this table, and the README's table is compared with it. It is loaded for every compile, so actions are named only.
 */
import type { CliContext, OwnLine } from './context.ts';

/** Does what an option asks for. Returns the exit status. */
export type Action = (context: CliContext, line: OwnLine) => Promise<number> | number;

interface OptionNames {
  readonly short?: string;
  readonly long: string;
  /** The name of its value in the help. Missing if the option takes no value. */
  readonly value?: string;
  /** True if the value may be left out. */
  readonly isValueOptional?: true;
  /** The name of its values in the help, if it takes any number of them. */
  readonly values?: string;
  /** What words look like that hold the short option and its value. Missing if the value is always the next word. */
  readonly attached?: RegExp;
  /**
   * What the value looks like if compilers have the same option. In a line of more words, an option with another value
   * is the compiler's.
   */
  readonly valueInLongLine?: RegExp;
  /** True if compilers have the same option. It is clcache's only if every word on the line is. */
  readonly isSharedWithCompilers?: true;
  readonly help: string;
}

/** An option that does something. A line has exactly one of them. */
export interface ActionRow extends OptionNames {
  /** Loads the action. */
  readonly action: () => Promise<Action>;
}

/** An option that changes what another one does. */
export interface ModifierRow extends OptionNames {
  /** The long names of the options with one of which it must stand. */
  readonly belongsTo: readonly string[];
}

export type OptionRow = ActionRow | ModifierRow;

export const OPTIONS = {
  stats: {
    short: '-s',
    long: '--stats',
    help: 'show the statistics',
    action: async () => (await import('./actions/statistics.ts')).showStatistics,
  },
  sinceLastBuild: {
    long: '--since-last-build',
    belongsTo: ['--stats'],
    help: 'with --stats: only what the last build counted',
  },
  json: {
    long: '--json',
    belongsTo: ['--stats', '--why', '--doctor', '--check-remote', '--config', '--evict-older-than'],
    help: 'with --stats, --why, --doctor, --check-remote, --config or --evict-older-than: print one JSON object',
  },
  summary: {
    long: '--summary',
    help: 'show in one line what the last build gained and lost, and what cost most',
    action: async () => (await import('./actions/summary.ts')).showSummary,
  },
  report: {
    long: '--report',
    value: 'file',
    help: 'write a report as a page (.html) or as Markdown (.md)',
    action: async () => (await import('./actions/report.ts')).writeReport,
  },
  why: {
    long: '--why',
    values: 'file',
    help: 'say why the last compile of these sources or objects was no hit; without a name, those of the last build',
    action: async () => (await import('./actions/why.ts')).explainMisses,
  },
  doctor: {
    long: '--doctor',
    help: 'check the set-up, and say what to do about what is wrong',
    action: async () => (await import('./actions/doctor.ts')).examineSetup,
  },
  checkRemote: {
    long: '--check-remote',
    help: 'ask each shared store: can it be reached, read and written, how fast, and why is it left out',
    action: async () => (await import('./actions/check-remote.ts')).checkRemote,
  },
  clean: {
    short: '-c',
    long: '--clean',
    help: 'evict the least recently used entries if the cache has reached its limit',
    action: async () => (await import('./actions/clean.ts')).cleanCache,
  },
  clear: {
    short: '-C',
    long: '--clear',
    help: 'remove everything from the cache, but keep the statistics',
    action: async () => (await import('./actions/clear.ts')).clearCache,
  },
  evictOlderThan: {
    long: '--evict-older-than',
    value: 'age',
    help: 'evict what was not used for this time (90s, 30m, 12h, 30d), and show how much that was',
    action: async () => (await import('./actions/evict-older.ts')).evictOlderThan,
  },
  reset: {
    short: '-z',
    long: '--reset',
    help: 'set the statistics to zero',
    action: async () => (await import('./actions/reset.ts')).resetStatistics,
  },
  setSize: {
    short: '-M',
    long: '--set-size',
    value: 'bytes',
    // `-MD` and the like are the compiler's, and so is `-M` before anything but a size.
    attached: /^-M(?:=|\d)/,
    valueInLongLine: /^\s*[+-]?\d/,
    help: 'set the limit of the cache; K, M, G or T may follow the number (1024-based)',
    action: async () => (await import('./actions/set-size.ts')).setMaximumSize,
  },
  set: {
    long: '--set',
    value: 'name=value',
    help: 'set a variable in config.txt, for all who use this cache folder; the environment wins over it',
    action: async () => (await import('./actions/set.ts')).setVariable,
  },
  unset: {
    long: '--unset',
    value: 'name',
    help: 'take a variable out of config.txt',
    action: async () => (await import('./actions/set.ts')).unsetVariable,
  },
  config: {
    long: '--config',
    help: 'show every setting, its value and its origin',
    action: async () => (await import('./actions/config.ts')).showConfig,
  },
  export: {
    long: '--export',
    value: 'file',
    help: 'write entries to one file, for a CI cache that saves and restores files',
    action: async () => (await import('./actions/export.ts')).exportToFile,
  },
  since: {
    long: '--since',
    value: 'time',
    belongsTo: ['--export'],
    help: 'with --export: only entries used within this time (2h, 30m, 3d), since a date, or in the last build (last-build)',
  },
  import: {
    long: '--import',
    value: 'file',
    help: 'add the entries of such a file to the cache',
    action: async () => (await import('./actions/import.ts')).importFromFile,
  },
  makeKey: {
    long: '--make-key',
    value: 'file',
    isValueOptional: true,
    help: 'make a pair of keys that sign what is in shared stores: FILE and FILE.pub, or clcache-key and clcache-key.pub',
    action: async () => (await import('./actions/make-key.ts')).makeKey,
  },
  linkAs: {
    long: '--link-as',
    value: 'file',
    help: 'give the executable one more name, such as C:\\tools\\bin\\cl.exe',
    action: async () => (await import('./actions/link-as.ts')).linkAs,
  },
  where: {
    long: '--where',
    help: 'show the path of this program, for build systems that start it by its path',
    action: async () => (await import('./actions/where.ts')).showPath,
  },
  msbuild: {
    long: '--msbuild',
    help: 'show how to make MSBuild and Visual Studio compile through clcache',
    action: async () => (await import('./actions/msbuild.ts')).showMSBuild,
  },
  cmake: {
    long: '--cmake',
    help: 'show how to make CMake compile through clcache',
    action: async () => (await import('./actions/cmake.ts')).showCMake,
  },
  version: {
    long: '--version',
    isSharedWithCompilers: true,
    help: 'show the version, the licence and the compiler',
    action: async () => (await import('./actions/version.ts')).showVersion,
  },
  help: {
    short: '-h',
    long: '--help',
    isSharedWithCompilers: true,
    help: 'show this help and the environment variables',
    action: async () => (await import('./actions/help.ts')).showHelp,
  },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_ROWS: readonly OptionRow[] = Object.values(OPTIONS);

/** True for an option that changes what another one does. */
export function isModifier(row: OptionRow): row is ModifierRow {
  return 'belongsTo' in row;
}
