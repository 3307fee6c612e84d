import type { Gains } from '../../report/gains.ts';
import { statisticsJson } from '../../report/json.ts';
import { type StatisticsReport, statisticsText } from '../../report/text.ts';
import { totalOf } from '../../statistics/statistics.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { gatherStatistics } from '../gather-statistics.ts';

/** `clcache -s`: shows the counters as text or as JSON, and on stderr what is wrong with the settings. */
export async function showStatistics(
  context: CliContext,
  { modifiers }: Pick<OwnLine, 'modifiers'>,
): Promise<number> {
  const all = await gatherStatistics(context, (problem) => context.stderr(`clcache: ${problem}\n`));
  const shown = '--since-last-build' in modifiers ? { ...all, ...ofLastBuild(all) } : all;
  context.stdout('--json' in modifiers ? statisticsJson(shown) : statisticsText(shown));
  return 0;
}

/** Only what the last build counted. The size of the cache stays what it is now. */
function ofLastBuild({ totals, builds }: StatisticsReport): Pick<Gains, 'totals' | 'refused' | 'onlyOf'> {
  const build = builds.at(-1);
  const { CacheSize, CacheEntries } = totals;
  const counted = totalOf([build?.counts ?? {}, { CacheSize, CacheEntries }]);
  return { totals: counted, refused: build?.refused ?? {}, onlyOf: { build } };
}
