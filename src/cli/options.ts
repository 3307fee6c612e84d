/** clcache's own options, one row each: what is ours, the parser and the help follow this table. */

export interface OptionRow {
  readonly short?: string;
  readonly long: string;
  /** What follows it, as the help names that; without one nothing does. */
  readonly value?: string;
  /** The option that it may only stand beside. */
  readonly belongsTo?: string;
  /** True where compilers have the same word: it is ours only if nothing but own options is on the line. */
  readonly isSharedWithCompilers?: true;
  readonly help: string;
}

export const OPTIONS = {
  stats: { short: '-s', long: '--stats', help: 'show the statistics' },
  json: { long: '--json', belongsTo: 'stats', help: 'with --stats: as one JSON object' },
  clean: {
    short: '-c',
    long: '--clean',
    help: 'remove what was not used for longest, if the cache has reached its limit',
  },
  clear: { short: '-C', long: '--clear', help: 'remove everything from the cache; statistics stay' },
  reset: { short: '-z', long: '--reset', help: 'set the statistics to zero' },
  setSize: {
    short: '-M',
    long: '--set-size',
    value: 'bytes',
    help: 'set the limit of the cache; K, M, G or T may follow (1024-based)',
  },
  export: {
    long: '--export',
    value: 'file',
    help: 'write entries into a file, for a build server that saves and restores files',
  },
  since: {
    long: '--since',
    value: 'time',
    belongsTo: 'export',
    help: "with --export: only what was used for so long (2h, 30m, 3d), since a date, or by 'last-build'",
  },
  import: { long: '--import', value: 'file', help: 'add the entries of such a file to the cache' },
  msbuild: {
    long: '--msbuild',
    help: 'show the line that makes MSBuild and Visual Studio compile through clcache',
  },
  cmake: { long: '--cmake', help: 'show the line that makes CMake do so' },
  version: { long: '--version', isSharedWithCompilers: true, help: 'show version, licence and the compiler' },
  help: { short: '-h', long: '--help', isSharedWithCompilers: true, help: 'show this help' },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_ROWS: readonly OptionRow[] = Object.values(OPTIONS);
