import type { CommandLineHost } from '../commandline/compile-call.ts';
import { classify } from '../commandline/meaning/classify.ts';
import { parseCommandLine } from '../commandline/read/parse.ts';
import type { HandOnKind, HandOnReason } from '../explain/hand-on.ts';
import { switchesFor } from './switches.ts';

/** A line that is handed on, and what reading it depends on. */
export interface HandedLine {
  readonly args: readonly string[];
  readonly host: CommandLineHost;
}

/** What the user could do, and the line that it would make. Undefined if it does not apply. */
type Way = readonly [name: string, made: HandedLine | undefined];

/** The cure that is always there, if an option decided. */
export function leavingOut(option: string): string {
  return `leaving ${option} out`;
}

/** Calls of these kinds compile nothing that a cache could keep, or it is not their line that decides. */
const NOT_CURABLE: ReadonlySet<HandOnKind> = new Set([
  'preprocessing',
  'noSource',
  'invalidArgument',
  'otherProgram',
  'otherCache',
  'disabled',
  'noFolder',
  'cacheFailed',
]);

/**
 * With which settings, options or spellings a call that is handed on would be cached. Each was tried on the line. Those
 * that change least come first, and spellings are named only where no setting does it.
 */
export function curesFor({ kind, option }: HandOnReason, line: HandedLine): readonly string[] {
  if (NOT_CURABLE.has(kind) || isCached(line)) return [];
  const settings = switchesFor(line);
  if (settings.length > 0) return settings;
  const found = waysFor(line, option).find(([, made]) => made && isCached(made));
  return found ? [found[0]] : [];
}

function waysFor(line: HandedLine, option: string | undefined): readonly Way[] {
  const { args, host } = line;
  const safe = option?.split(' ')[0] ?? '';
  return [
    ['/c, and a link in a call of its own', { args: ['/c', ...args], host }],
    ...(option === undefined
      ? []
      : ([
          [
            `CLCACHE_SAFE_OPTIONS=${safe}, if the option reads and writes no file`,
            { args, host: { ...host, safeOptions: [...(host.safeOptions ?? []), safe] } },
          ],
          [leavingOut(option), without(line, option)],
        ] as const)),
    ['a call of its own for each source', withOneSource(line)],
  ];
}

function isCached({ args, host }: HandedLine): boolean {
  return classify(args, host, 1).kind === 'cacheable';
}

/** The line without an option, wherever it stands. */
function without({ args, host }: HandedLine, option: string): HandedLine | undefined {
  const line = parseCommandLine(args, host);
  const items = line.kind === 'parsed' ? line.items : [];
  const isMeant = (item: (typeof items)[number]) =>
    item.kind === 'option' && (item.tokens.join(' ') === option || item.name === option);
  if (!items.some(isMeant)) return undefined;
  return { args: items.filter((item) => !isMeant(item)).flatMap(({ tokens }) => tokens), host };
}

function withOneSource({ args, host }: HandedLine): HandedLine | undefined {
  const line = parseCommandLine(args, host);
  const items = line.kind === 'parsed' ? line.items : [];
  const first = items.find(({ kind }) => kind === 'input');
  const kept = items.filter((item) => item.kind !== 'input' || item === first);
  if (kept.length === items.length) return undefined;
  return { args: kept.flatMap(({ tokens }) => tokens), host };
}
