/** Runs clcache's own options. Loaded (with commander) only if the line is clcache's own. */
import { Command, CommanderError } from 'commander';
import { VARIABLES, type VariableRow } from '../config/variables.ts';
import { describeError } from '../diagnostics/errors.ts';
import { cleanCache } from './actions/clean.ts';
import { clearCache } from './actions/clear.ts';
import { showCMake } from './actions/cmake.ts';
import { exportToFile } from './actions/export.ts';
import { importFromFile } from './actions/import.ts';
import { showMSBuild } from './actions/msbuild.ts';
import { resetStatistics } from './actions/reset.ts';
import { setMaximumSize } from './actions/set-size.ts';
import { showStatistics } from './actions/statistics.ts';
import { showVersion } from './actions/version.ts';
import type { CliContext } from './context.ts';
import { OPTION_ROWS, OPTIONS, type OptionName, type OptionRow } from './options.ts';

type ValueOf<Row> = Row extends { readonly value: string } ? string : true;

type Options = { readonly [Name in OptionName]?: ValueOf<(typeof OPTIONS)[Name]> };

type Action = (context: CliContext, options: Options) => Promise<number> | number;

/** One row for each option that does something. Exactly one of them may be given. */
const ACTIONS: Readonly<Record<Exclude<OptionName, 'json' | 'since'>, Action>> = {
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
  version: showVersion,
};

const HELP_WIDTH = 100;

/** Runs the option on the line. Returns the exit status, and says on stderr in one line what went wrong. */
export async function runOwn(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    const options = parse(argv);
    const wanted = Object.entries(ACTIONS).filter(([name]) => name in options);
    const [first, second] = wanted;
    if (first === undefined) return complain(context, 'nothing to do; see clcache --help');
    if (second !== undefined) return complain(context, 'one option at a time, please; see clcache --help');
    const stray = strayModifier(options, first[0]);
    if (stray !== undefined) return complain(context, stray);
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

function strayModifier(options: Options, action: string): string | undefined {
  const modifiers = Object.entries<OptionRow>(OPTIONS).filter(([name]) => name in options);
  const stray = modifiers.find(([, { belongsTo }]) => belongsTo !== undefined && belongsTo !== action);
  return stray && `${stray[1].long} belongs to --${stray[1].belongsTo}`;
}

function parse(argv: readonly string[]): Options {
  return (
    command()
      // Commander takes the `=` for a part of the value.
      .parse(
        argv.map((word) => word.replace(/^-M=/, '-M')),
        { from: 'user' },
      )
      .opts<Options>()
  );
}

function command(): Command {
  const program = new Command('clcache')
    .usage('OPTION\n       clcache [COMPILER] COMPILER-ARGUMENT...')
    .description(
      "A compiler cache for Microsoft's cl.exe and for clang-cl: call it where you would call the compiler.",
    );
  for (const row of OPTION_ROWS) {
    const names = row.short === undefined ? row.long : `${row.short}, ${row.long}`;
    program.option(row.value === undefined ? names : `${names} <${row.value}>`, row.help);
  }
  return program
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
