/** clcache's own options and their help. Loaded (with commander) only when the line is one of ours. */
import { Command, CommanderError } from 'commander';
import { VARIABLES, type VariableRow } from '../config/variables.ts';
import { describeError } from '../diagnostics/errors.ts';
import { VERSION } from '../util/version.ts';
import { cleanCache } from './actions/clean.ts';
import { clearCache } from './actions/clear.ts';
import { showCMake } from './actions/cmake.ts';
import { exportToFile } from './actions/export.ts';
import { importFromFile } from './actions/import.ts';
import { showMSBuild } from './actions/msbuild.ts';
import { resetStatistics } from './actions/reset.ts';
import { setMaximumSize } from './actions/set-size.ts';
import { showStatistics } from './actions/statistics.ts';
import type { CliContext } from './context.ts';

interface Options {
  readonly stats?: true;
  readonly json?: true;
  readonly clean?: true;
  readonly clear?: true;
  readonly reset?: true;
  readonly setSize?: string;
  readonly export?: string;
  readonly import?: string;
  readonly since?: string;
  readonly msbuild?: true;
  readonly cmake?: true;
  readonly help?: true;
  readonly version?: true;
}

type Action = (context: CliContext, options: Options) => Promise<number> | number;

/** One row an option that does something; exactly one of them may be given. */
const ACTIONS: Readonly<Record<Exclude<keyof Options, 'json' | 'since'>, Action>> = {
  stats: (context, options) => showStatistics(context, { json: options.json === true }),
  clean: cleanCache,
  clear: clearCache,
  reset: resetStatistics,
  setSize: (context, options) => setMaximumSize(context, options.setSize ?? ''),
  export: (context, options) => exportToFile(context, options.export ?? '', options.since),
  import: (context, options) => importFromFile(context, options.import ?? ''),
  msbuild: showMSBuild,
  cmake: showCMake,
  help: (context) => say(context, helpText()),
  version: (context) => say(context, `${versionText()}\n`),
};

const HELP_WIDTH = 100;

/** Does what the line asks. Returns the exit status; says on stderr, in one line, what went wrong. */
export async function runOwn(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    const options = parse(argv);
    const wanted = Object.entries(ACTIONS).filter(([name]) => name in options);
    const [first, second] = wanted;
    if (first === undefined) return complain(context, 'nothing to do; see clcache --help');
    if (second !== undefined) return complain(context, 'one option at a time, please; see clcache --help');
    if (options.json === true && first[0] !== 'stats') return complain(context, '--json belongs to --stats');
    if (options.since !== undefined && first[0] !== 'export')
      return complain(context, '--since belongs to --export');
    return await first[1](context, options);
  } catch (error) {
    const message =
      error instanceof CommanderError ? error.message.replace(/^error: /, '') : describeError(error);
    return complain(context, message);
  }
}

/** The text of `--help`: own options, how to call the compiler, and every variable. */
export function helpText(): string {
  return `${command().helpInformation()}\n${variablesText()}`;
}

/** Name, version and licence. */
export function versionText(): string {
  return `clcache ${VERSION}\nLicence: BSD-3-Clause`;
}

function parse(argv: readonly string[]): Options {
  return command()
    .parse([...argv], { from: 'user' })
    .opts<Options>();
}

function command(): Command {
  return new Command('clcache')
    .usage('OPTION\n       clcache [COMPILER] COMPILER-ARGUMENT...')
    .description(
      "A compiler cache for Microsoft's cl.exe and for clang-cl: call it where you would call the compiler.",
    )
    .option('-s, --stats', 'show the statistics')
    .option('--json', 'with --stats: as one JSON object')
    .option('-c, --clean', 'remove what was not used for longest, if the cache has reached its limit')
    .option('-C, --clear', 'remove everything from the cache; statistics stay')
    .option('-z, --reset', 'set the statistics to zero')
    .option('-M, --set-size <bytes>', 'set the limit of the cache; K, M, G or T may follow (1024-based)')
    .option('--export <file>', 'write entries into a file, for a build server that saves and restores files')
    .option(
      '--since <time>',
      "with --export: only what was used for so long (2h, 30m, 3d), since a date, or by 'last-build'",
    )
    .option('--import <file>', 'add the entries of such a file to the cache')
    .option('--msbuild', 'show the line that makes MSBuild and Visual Studio compile through clcache')
    .option('--cmake', 'show the line that makes CMake do so')
    .option('--version', 'show version and licence')
    .option('-h, --help', 'show this help')
    .helpOption(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureHelp({ helpWidth: HELP_WIDTH })
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

function variablesText(): string {
  const rows = Object.entries<VariableRow>(VARIABLES);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, row]) => `  ${name.padEnd(width)}  ${row.help} (${row.default})`);
  return `Environment variables, with their defaults (0, false, no, off and empty switch a switch off):\n${lines.join('\n')}\n`;
}

function say(context: CliContext, text: string): number {
  context.stdout(text);
  return 0;
}

function complain(context: CliContext, message: string): number {
  context.stderr(`clcache: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  return 1;
}
