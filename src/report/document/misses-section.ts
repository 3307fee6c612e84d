import type { Totals } from '../../statistics/counters.ts';
import { duration, grouped, localTime } from '../amounts.ts';
import { LOSSES, MISSES } from '../losses.ts';
import type { Bars, Part, Section } from './document.ts';
import type { KnownCalls, Tally } from './known-calls.ts';

/** How many rows of a kind are shown. */
const MOST_ROWS = 12;

/** Why sources were compiled: what the counters tell, and what is known of the last calls. */
export function missesSection(totals: Totals, calls: KnownCalls | undefined): Section {
  const title = 'Why sources were compiled';
  if (totals.CacheMisses <= 0 && !calls)
    return { title, parts: [{ kind: 'text', text: 'No source was compiled through clcache yet.' }] };
  const counted = MISSES.filter((counter) => totals[counter] > 0);
  const known: readonly Part[] = calls
    ? [...causesOf(calls), ...headersOf(calls), ...othersOf(calls)]
    : [
        {
          kind: 'text',
          text: 'Which header or option it was is not known here: nothing is kept of single calls.',
        },
      ];
  return {
    title,
    parts: [
      ...(counted.length > 0
        ? [
            {
              kind: 'bars',
              caption: 'All misses that were counted',
              heads: ['kind', 'misses'],
              rows: counted.map((counter) => ({
                label: LOSSES[counter].meaning,
                note: `What to do: ${LOSSES[counter].cure}`,
                amount: totals[counter],
                shown: grouped(totals[counter]),
              })),
            } as const,
          ]
        : []),
      ...known,
    ],
  };
}

function causesOf({ count, since, causes }: KnownCalls): readonly Part[] {
  const caption = `What caused the last misses, of ${grouped(count)} calls since ${localTime(since)}`;
  return causes.length > 0 ? [tallies(caption, ['cause', 'misses'], causes)] : [];
}

function headersOf({ headers }: KnownCalls): readonly Part[] {
  if (headers.length === 0) return [{ kind: 'text', text: 'No header is known whose change caused a miss.' }];
  return [tallies('Headers whose change caused most misses', ['header', 'misses'], headers)];
}

function othersOf({ places, notStored }: KnownCalls): readonly Part[] {
  return [
    ...(places.length > 0
      ? [tallies('Targets and folders that were compiled most', ['target or folder', 'misses'], places)]
      : []),
    ...(notStored.length > 0
      ? [tallies('Why results were not stored', ['reason', 'results'], notStored)]
      : []),
  ];
}

/** Bars of the most frequent ones, each with the time that its compilers ran. */
function tallies(caption: string, heads: Bars['heads'], all: readonly Tally[]): Bars {
  return {
    kind: 'bars',
    caption,
    heads,
    rows: all.slice(0, MOST_ROWS).map(({ what, count, ms }) => ({
      label: what,
      note: `${duration(ms)} of compile time`,
      amount: count,
      shown: grouped(count),
    })),
  };
}
