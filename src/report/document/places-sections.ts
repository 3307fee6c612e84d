/** The sections about where entries are: the cache folder by age, and the remote stores. */
import type { Totals } from '../../statistics/counters.ts';
import { REMOTE_COUNTERS, type RemoteCounter } from '../../statistics/remote-statistics.ts';
import { fileSize, grouped, localTime } from '../amounts.ts';
import type { StatisticsReport } from '../text.ts';
import type { Part, Section } from './document.ts';

/** What was used last within a time, as `name` says. */
export interface AgedSize {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
}

/** The size of all together. */
export function bytesOf(ages: readonly AgedSize[]): number {
  return ages.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function sizeSection(
  { EvictedMisses: evicted }: Pick<Totals, 'EvictedMisses'>,
  ages: readonly AgedSize[],
): Section {
  const title = 'Size of the cache by last use';
  if (bytesOf(ages) === 0) return { title, parts: [{ kind: 'text', text: 'The cache folder is empty.' }] };
  return {
    title,
    parts: [
      {
        kind: 'bars',
        caption: 'What was used in each time, and not in a shorter one',
        heads: ['last used', 'size'],
        rows: ages.map((age) => ({
          label: age.name,
          note: `${grouped(age.entries)} ${age.entries === 1 ? 'entry' : 'entries'}`,
          amount: age.bytes,
          shown: fileSize(age.bytes),
        })),
      },
      {
        kind: 'text',
        text:
          evicted > 0
            ? `${grouped(evicted)} misses were for entries that were evicted or damaged. A larger limit keeps more: clcache -M.`
            : 'No miss was for an entry that was evicted: the limit is large enough.',
      },
    ],
  };
}

/** The counters of stores in the order of the table, which fill a narrow screen. */
const SHOWN: readonly RemoteCounter[] = ['hits', 'misses', 'errors', 'timeouts', 'rejected', 'notSent'];

const ONLY_READ = 'Nothing is sent: CLCACHE_REMOTE_TRUST alone only reads.';

export function storesSection({
  remotes,
  troubles,
  sendsNothing,
}: Pick<StatisticsReport, 'remotes' | 'troubles' | 'sendsNothing'>): Section {
  const title = 'Remote stores';
  const all = Object.entries(remotes);
  if (all.length === 0) return { title, parts: [{ kind: 'text', text: 'No remote store was used.' }] };
  const parts = all.flatMap(([name, counts]): readonly Part[] => [
    {
      kind: 'table',
      caption: name,
      heads: ['counted', 'number'],
      rows: [
        ...SHOWN.map((counter) => [REMOTE_COUNTERS[counter].label, grouped(counts[counter])]),
        ['received', fileSize(counts.bytesReceived)],
        ['sent', fileSize(counts.bytesSent)],
      ],
    },
    ...troubles
      .filter((trouble) => trouble.name === name)
      .flatMap(({ error }): readonly Part[] =>
        error ? [{ kind: 'text', text: `Last error, ${localTime(error.at)}: ${error.reason}` }] : [],
      ),
  ]);
  return { title, parts: sendsNothing ? [...parts, { kind: 'text', text: ONLY_READ }] : parts };
}
