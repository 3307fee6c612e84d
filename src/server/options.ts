/** The hash server's own command line. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../util/version.ts';

export interface ServerOptions {
  /** Files are excluded if one of these matches in their path or in their folder's path. */
  readonly exclude: readonly RegExp[];
  readonly isWatching: boolean;
  /** 0 means never. */
  readonly idleTimeoutMs: number;
}

export type ServerLine =
  | { readonly kind: 'start'; readonly options: ServerOptions }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'complain'; readonly because: string };

interface Given {
  readonly exclude?: readonly RegExp[];
  readonly disable_watching?: true;
  readonly idleTimeout: number;
  readonly version?: true;
  readonly help?: true;
}

const DEFAULT_IDLE_SECONDS = 3600;
/** The longest time of a timer. */
const LONGEST_IDLE_SECONDS = 2_000_000;
const HELP_WIDTH = 100;

/** The options, made again for each line, because commander keeps the values in them. */
export const SERVER_OPTIONS: readonly (() => Option)[] = [
  () =>
    new Option(
      '--exclude <regex>',
      'neither keep nor watch files with a path like this (may be repeated; case does not matter)',
    ).argParser((text, all: readonly RegExp[] = []) => [...all, expression(text)]),
  () => new Option('--disable_watching', 'watch nothing; every answer looks at the files in any case'),
  () =>
    new Option('--idle-timeout <seconds>', 'end when nobody has asked for so long; 0 for never')
      .argParser(seconds)
      .default(DEFAULT_IDLE_SECONDS),
  () => new Option('--version', 'show version and licence'),
  () => new Option('-h, --help', 'show this help'),
];

/** Reads a command line. */
export function parseServerLine(argv: readonly string[]): ServerLine {
  const program = command();
  try {
    const given = program.parse([...argv], { from: 'user' }).opts<Given>();
    if (given.help) return { kind: 'say', text: program.helpInformation() };
    if (given.version) return { kind: 'say', text: `clcache-server ${VERSION}\nLicence: BSD-3-Clause\n` };
    return {
      kind: 'start',
      options: {
        exclude: given.exclude ?? [],
        isWatching: given.disable_watching !== true,
        idleTimeoutMs: given.idleTimeout * 1000,
      },
    };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'complain', because: error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ') };
  }
}

function command(): Command {
  const program = new Command('clcache-server')
    .usage('[OPTION...]')
    .description('Keeps hashes of files in memory for calls of clcache that have CLCACHE_SERVER set.');
  for (const option of SERVER_OPTIONS) program.addOption(option());
  return program
    .helpOption(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureHelp({ helpWidth: HELP_WIDTH })
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

function expression(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('It is not a regular expression.');
  }
}

function seconds(text: string): number {
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number <= LONGEST_IDLE_SECONDS) return number;
  throw new InvalidArgumentError(`It is not a number of seconds from 0 to ${LONGEST_IDLE_SECONDS}.`);
}
