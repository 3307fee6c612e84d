/** clcache's own options, one row each. The dispatcher, the parser and the help are made from this table. */

export interface OptionRow {
  readonly short?: string;
  readonly long: string;
  /** The name of its value in the help. Missing if the option takes no value. */
  readonly value?: string;
  /** The option without which this one is an error. */
  readonly belongsTo?: string;
  /** True if compilers have the same option. It is clcache's only if every word on the line is. */
  readonly isSharedWithCompilers?: true;
  readonly help: string;
}

export const OPTIONS = {
  stats: { short: '-s', long: '--stats', help: 'show the statistics' },
  json: { long: '--json', belongsTo: 'stats', help: 'with --stats: print one JSON object' },
  clean: {
    short: '-c',
    long: '--clean',
    help: 'evict the least recently used entries if the cache has reached its limit',
  },
  clear: { short: '-C', long: '--clear', help: 'remove everything from the cache, but keep the statistics' },
  reset: { short: '-z', long: '--reset', help: 'set the statistics to zero' },
  setSize: {
    short: '-M',
    long: '--set-size',
    value: 'bytes',
    help: 'set the limit of the cache; K, M, G or T may follow the number (1024-based)',
  },
  export: {
    long: '--export',
    value: 'file',
    help: 'write entries to one file, for a CI cache that saves and restores files',
  },
  since: {
    long: '--since',
    value: 'time',
    belongsTo: 'export',
    help: 'with --export: only entries used within this time (2h, 30m, 3d), since a date, or in the last build (last-build)',
  },
  import: { long: '--import', value: 'file', help: 'add the entries of such a file to the cache' },
  msbuild: {
    long: '--msbuild',
    help: 'show how to make MSBuild and Visual Studio compile through clcache',
  },
  cmake: { long: '--cmake', help: 'show how to make CMake compile through clcache' },
  version: {
    long: '--version',
    isSharedWithCompilers: true,
    help: 'show the version, the licence and the compiler',
  },
  help: {
    short: '-h',
    long: '--help',
    isSharedWithCompilers: true,
    help: 'show this help and the environment variables',
  },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_ROWS: readonly OptionRow[] = Object.values(OPTIONS);
