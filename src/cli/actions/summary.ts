import { summaryLine } from '../../report/one-line.ts';
import { readStatistics } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import type { CliContext } from '../context.ts';

/** `clcache --summary`: what the last build gained and lost, in one line. Build systems call it, so it never fails. */
export async function showSummary(context: CliContext): Promise<number> {
  const { builds } = await readStatistics(layoutOf(context.config.cacheDirectory).statistics, () => {});
  context.stdout(summaryLine(builds.at(-1), Date.now()));
  return 0;
}
