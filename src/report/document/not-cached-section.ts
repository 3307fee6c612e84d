import { grouped, localTime } from '../amounts.ts';
import { mostFrequent } from '../gains.ts';
import { NOT_CACHED_ROWS } from '../losses.ts';
import type { StatisticsReport } from '../text.ts';
import type { Bar, Part, Section } from './document.ts';
import type { HandedOnTally, KnownCalls } from './known-calls.ts';

const MOST_ROWS = 12;
const MOST_PLACES = 3;

/** Which calls were not cached: why, for which options, in which targets and folders, and what to do about it. */
export function notCachedSection(
  { totals, refused }: Pick<StatisticsReport, 'totals' | 'refused'>,
  calls: KnownCalls | undefined,
): Section {
  const reasons = NOT_CACHED_ROWS.filter(([counter]) => totals[counter] > 0);
  const options = mostFrequent(refused);
  const handedOn = calls?.handedOn ?? [];
  const parts: readonly Part[] = [
    ...bars(
      'Calls that were not cached, or not stored',
      ['reason', 'calls'],
      [
        ...reasons
          .map(([counter, { meaning, cure }]) => ({
            label: meaning,
            note: cure === undefined ? 'Nothing to do: there is nothing to cache' : `What to do: ${cure}`,
            amount: totals[counter],
            shown: grouped(totals[counter]),
          }))
          .sort((left, right) => right.amount - left.amount),
      ],
    ),
    ...bars(
      'Options for which calls were not cached',
      ['option', 'calls'],
      options.map(([option, count]) => ({ label: option, amount: count, shown: grouped(count) })),
    ),
    ...(calls && handedOn.length > 0
      ? bars(
          `The last calls that were not cached, since ${localTime(calls.since)}`,
          ['reason', 'calls'],
          handedOn.slice(0, MOST_ROWS).map(barOf),
        )
      : []),
  ];
  return {
    title: 'What is not cached',
    parts: parts.length > 0 ? parts : [{ kind: 'text', text: 'Every call was cached.' }],
  };
}

function bars(caption: string, heads: readonly [string, string], rows: readonly Bar[]): readonly Part[] {
  return rows.length > 0 ? [{ kind: 'bars', caption, heads, rows }] : [];
}

function barOf({ what, count, cures, places }: HandedOnTally): Bar {
  const shown = places.slice(0, MOST_PLACES).join(', ');
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
  const note = [
    ...(cures.length > 0 ? [`Would be cached with ${cures.join(' or ')}`] : []),
    ...(shown === '' ? [] : [`in ${shown}${more}`]),
  ].join('; ');
  return { label: what, ...(note !== '' && { note }), amount: count, shown: grouped(count) };
}
