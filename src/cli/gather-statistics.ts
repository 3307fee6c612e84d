import { readSettings } from '../config/settings-file.ts';
import type { StatisticsReport } from '../report/text.ts';
import { readRemoteStatistics } from '../statistics/remote-statistics.ts';
import { readStatistics } from '../statistics/statistics-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { readAddresses } from '../storage/remote/address.ts';
import { readTroubles } from '../storage/remote/health.ts';
import { readSealing } from '../storage/wire/read-sealing.ts';
import { maySend } from '../storage/wire/sealing.ts';
import type { CliContext } from './context.ts';

/** All that was counted, and what is wrong with the settings, each of which `report` gets at once. */
export async function gatherStatistics(
  context: Pick<CliContext, 'config' | 'findProblems'>,
  report: (problem: string) => void = () => {},
): Promise<StatisticsReport> {
  const layout = layoutOf(context.config.cacheDirectory);
  const settings = readSettings(layout.settingsFile);
  const problems: string[] = [];
  const note = (problem: string): void => {
    if (problems.includes(problem)) return;
    problems.push(problem);
    report(problem);
  };
  for (const problem of (await context.findProblems?.()) ?? []) note(problem);
  if (settings.problem !== undefined) note(settings.problem);
  for (const problem of readAddresses(context.config).problems) note(problem);
  const sealing = readSealing(context.config);
  const statistics = await readStatistics(layout.statistics, note);
  return {
    cacheDirectory: layout.cacheDirectory,
    maximumSize: settings.maximumSize,
    ...statistics,
    remotes: readRemoteStatistics(layout.statistics),
    troubles: readTroubles(layout.cacheDirectory),
    sendsNothing: sealing.kind === 'read' && !maySend(sealing.sealing),
    problems,
  };
}
