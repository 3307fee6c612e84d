/** Runs clcache's own options. Loaded (with commander) only if the line is clcache's own. */
import { Command, CommanderError, Option } from 'commander';
import { VARIABLES, type VariableRow } from '../config/variables.ts';
import { describeError } from '../diagnostics/errors.ts';
import { OFF_WORDS } from '../util/off-words.ts';
import type { CliContext } from './context.ts';
import { ownRows } from './dispatch.ts';
import { type ActionRow, isModifier, OPTION_ROWS, type OptionRow } from './options.ts';

/** The rows on the line, each with its values. */
type Given = ReadonlyMap<OptionRow, readonly string[]>;

const HELP_WIDTH = 100;

/** Runs the option on the line. Returns the exit status, and says on stderr in one line what went wrong. */
export async function runOwn(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    const given = parse(argv);
    const twice = ownRows(argv)?.find((row, index, rows) => rows.indexOf(row) < index);
    if (twice !== undefined) return complain(context, `${twice.long} is given twice`);
    const [first, second] = [...given.keys()].filter((row): row is ActionRow => !isModifier(row));
    if (first === undefined) return complain(context, 'nothing to do; see clcache --help');
    if (second !== undefined) return complain(context, 'one option at a time, please; see clcache --help');
    const modifiers = [...given.keys()].filter(isModifier);
    const stray = modifiers.find(({ belongsTo }) => !belongsTo.includes(first.long));
    if (stray !== undefined)
      return complain(context, `${stray.long} belongs to ${stray.belongsTo.join(' or ')}`);
    const action = await first.action();
    return await action(context, {
      value: given.get(first)?.[0] ?? '',
      values: given.get(first) ?? [],
      modifiers: Object.fromEntries(modifiers.map((row) => [row.long, given.get(row)?.[0] ?? ''])),
      help: helpText,
    });
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

function parse(argv: readonly string[]): Given {
  const values = command()
    .parse(argv.map(withoutEqualsSign), { from: 'user' })
    .opts<Record<string, unknown>>();
  return new Map(
    OPTION_ROWS.flatMap((row) => {
      const value = values[new Option(flagsOf(row)).attributeName()];
      if (value === undefined) return [];
      const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
      return [[row, texts.filter((one) => typeof one === 'string')] as const];
    }),
  );
}

/** In `-M=5` commander takes the `=` for a part of the value. */
function withoutEqualsSign(word: string): string {
  const row = OPTION_ROWS.find(({ attached, short }) => attached?.test(word) && word.startsWith(`${short}=`));
  return row?.short === undefined ? word : `${row.short}${word.slice(row.short.length + 1)}`;
}

function flagsOf({ short, long, value, values, isValueOptional }: OptionRow): string {
  const names = short === undefined ? long : `${short}, ${long}`;
  if (values !== undefined) return `${names} [${values}...]`;
  if (value === undefined) return names;
  return isValueOptional ? `${names} [${value}]` : `${names} <${value}>`;
}

function command(): Command {
  const program = new Command('clcache')
    .usage('OPTION\n       clcache [COMPILER] COMPILER-ARGUMENT...')
    .description(
      "A compiler cache for Microsoft's cl.exe and for clang-cl: call it where you would call the compiler.",
    );
  for (const row of OPTION_ROWS) {
    program.option(flagsOf(row), row.help);
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
  const lines = rows.map(([name, row]) => `  ${name.padEnd(width)}  ${row.help} (${row.kind.default})`);
  return `Environment variables, with their defaults (${OFF_WORDS.join(', ')} and empty switch a switch off):\n${lines.join('\n')}\n`;
}

function complain(context: CliContext, message: string): number {
  context.stderr(`clcache: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  return 1;
}
