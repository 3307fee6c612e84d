import { readSettings } from '../../config/settings-file.ts';
import type { Gains } from '../../report/gains.ts';
import { statisticsJson } from '../../report/json.ts';
import { statisticsText } from '../../report/text.ts';
import { readRemoteStatistics } from '../../statistics/remote-statistics.ts';
import { totalOf } from '../../statistics/statistics.ts';
import { readStatistics, type Statistics } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { readAddresses } from '../../storage/remote/address.ts';
import { readTroubles } from '../../storage/remote/health.ts';
import type { CliContext, OwnLine } from '../context.ts';

/** `clcache -s`: shows the counters as text or as JSON, and on stderr what is wrong with the settings. */
export async function showStatistics(
  context: CliContext,
  { modifiers }: Pick<OwnLine, 'modifiers'>,
): Promise<number> {
  const layout = layoutOf(context.config.cacheDirectory);
  const settings = readSettings(layout.settingsFile);
  const problems: string[] = [];
  const report = (problem: string): void => {
    if (problems.includes(problem)) return;
    problems.push(problem);
    context.stderr(`clcache: ${problem}\n`);
  };
  for (const problem of (await context.findProblems?.()) ?? []) report(problem);
  if (settings.problem !== undefined) report(settings.problem);
  for (const problem of readAddresses(context.config).problems) report(problem);
  const statistics = await readStatistics(layout.statistics, report);
  const { cacheDirectory } = layout;
  const { maximumSize } = settings;
  const shown = {
    cacheDirectory,
    maximumSize,
    ...statistics,
    ...('--since-last-build' in modifiers && ofLastBuild(statistics)),
    remotes: readRemoteStatistics(layout.statistics),
    troubles: readTroubles(cacheDirectory),
    problems,
  };
  context.stdout('--json' in modifiers ? statisticsJson(shown) : statisticsText(shown));
  return 0;
}

/** Only what the last build counted. The size of the cache stays what it is now. */
function ofLastBuild({ totals, builds }: Statistics): Pick<Gains, 'totals' | 'refused' | 'onlyOf'> {
  const build = builds.at(-1);
  const { CacheSize, CacheEntries } = totals;
  const counted = totalOf([build?.counts ?? {}, { CacheSize, CacheEntries }]);
  return { totals: counted, refused: build?.refused ?? {}, onlyOf: { build } };
}
