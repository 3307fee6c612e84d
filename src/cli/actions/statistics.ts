import { readSettings } from '../../config/settings-file.ts';
import { statisticsJson } from '../../report/json.ts';
import { statisticsText } from '../../report/text.ts';
import { readRemoteStatistics } from '../../statistics/remote-statistics.ts';
import { readStatistics } from '../../statistics/statistics-file.ts';
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
    problems.push(problem);
    context.stderr(`clcache: ${problem}\n`);
  };
  for (const problem of (await context.findProblems?.()) ?? []) report(problem);
  if (settings.problem !== undefined) report(settings.problem);
  for (const problem of readAddresses(context.config).problems) report(problem);
  const { totals } = await readStatistics(layout.statistics, report);
  const { cacheDirectory } = layout;
  const { maximumSize } = settings;
  const shown = {
    cacheDirectory,
    maximumSize,
    totals,
    remotes: readRemoteStatistics(layout.statistics),
    troubles: readTroubles(cacheDirectory),
    problems,
  };
  context.stdout('--json' in modifiers ? statisticsJson(shown) : statisticsText(shown));
  return 0;
}
