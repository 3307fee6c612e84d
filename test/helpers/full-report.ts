/** Reports made from values: of an empty cache, and of one of which everything is known. */
import type { CacheReport } from '../../src/report/document/cache-report.ts';
import { totalOf } from '../../src/statistics/statistics.ts';

const AT = new Date(2026, 10, 26, 9, 0, 0).getTime();
/** What is markup in a page or in Markdown. */
export const HOSTILE = `<script>alert("x")</script>|\`&'*_[a](b).cpp`;

export const EMPTY: CacheReport = {
  statistics: {
    cacheDirectory: '/cache',
    maximumSize: 1024 ** 3,
    totals: totalOf([]),
    refused: {},
    since: undefined,
    builds: [],
    remotes: {},
    troubles: [],
    problems: [],
  },
  calls: undefined,
  ages: [],
  madeAt: AT,
  version: '5.1.0',
};

/** A build some hours after the first one. */
export const buildAt = (hour: number, CacheHits: number, CacheMisses: number) => ({
  from: AT + hour * 3_600_000,
  to: AT + hour * 3_600_000 + 1000,
  counts: { CacheHits, CacheMisses, TimeSavedMs: 125_000 },
  refused: {},
});

/** Every text that comes from outside is hostile. */
export const FULL: CacheReport = {
  ...EMPTY,
  statistics: {
    ...EMPTY.statistics,
    cacheDirectory: HOSTILE,
    totals: totalOf([
      { CacheHits: 3, CacheMisses: 9, HeaderChangedMisses: 6, EvictedMisses: 3, CacheSize: 3 * 1024 ** 2 },
      { CallsForExternalDebugInfo: 82, CallsForPreprocessing: 4 },
    ]),
    refused: { [HOSTILE]: 82 },
    since: AT,
    builds: [buildAt(1, 1, 3), buildAt(2, 2, 2)],
    remotes: {
      [HOSTILE]: {
        ...{ hits: 12, misses: 4, rejected: 0, errors: 1, timeouts: 0, notSent: 0 },
        ...{ bytesReceived: 2048, bytesSent: 0 },
      },
    },
    troubles: [{ name: HOSTILE, error: { at: AT, reason: HOSTILE } }],
    problems: [HOSTILE],
  },
  calls: {
    count: 40,
    since: AT,
    causes: [{ what: HOSTILE, count: 6, ms: 61_000 }],
    headers: [{ what: HOSTILE, count: 5, ms: 4200 }],
    places: [{ what: HOSTILE, count: 4, ms: 100 }],
    handedOn: [{ what: HOSTILE, count: 3, ms: 100, cures: [HOSTILE], places: [HOSTILE, '2', '3', '4'] }],
    notStored: [{ what: HOSTILE, count: 2, ms: 100 }],
  },
  ages: [
    { name: 'in the last hour', entries: 1, bytes: 1024 ** 2 },
    { name: HOSTILE, entries: 20, bytes: 2 * 1024 ** 2 },
  ],
};
