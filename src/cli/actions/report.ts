import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { allCallsIn } from '../../compile/why/find-calls.ts';
import { reasonOf } from '../../diagnostics/errors.ts';
import { knownCallsOf } from '../../explain/known-calls.ts';
import { reportDocument } from '../../report/document/cache-report.ts';
import type { ReportDocument } from '../../report/document/document.ts';
import type { AgedSize } from '../../report/document/places-sections.ts';
import { markdownOf } from '../../report/render/markdown.ts';
import { pageOf } from '../../report/render/page.ts';
import { sizesByAge } from '../../storage/local/ages.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { replaceFileSync } from '../../util/atomic-file.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { absolutePath } from '../../util/paths.ts';
import { VERSION } from '../../util/version.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { gatherStatistics } from '../gather-statistics.ts';
import { progressLine } from '../progress.ts';

const FORMS: Readonly<Record<string, (document: ReportDocument) => string>> = {
  '.html': pageOf,
  '.md': markdownOf,
};

const HOUR_MS = 3_600_000;
const AGES = [
  { name: 'in the last hour', limit: HOUR_MS },
  { name: 'in the last day', limit: 24 * HOUR_MS },
  { name: 'in the last week', limit: 7 * 24 * HOUR_MS },
  { name: 'in the last month', limit: 30 * 24 * HOUR_MS },
  { name: 'longer ago', limit: Number.POSITIVE_INFINITY },
] as const;

/**
 * `clcache --report FILE`: writes what the cache gained, and what kept it from gaining more, as a page or as Markdown. A
 * device, a pipe or a folder is not replaced.
 */
export async function writeReport(context: CliContext, { value: file }: OwnLine): Promise<number> {
  const { style, workingDirectory } = context.config;
  const complain = (problem: string) => {
    context.stderr(`clcache: ${problem}\n`);
    return 1;
  };
  const form = FORMS[/\.[^.\\/]*$/.exec(file.toLowerCase())?.[0] ?? ''];
  if (!form)
    return complain(`--report takes a file that ends in ${Object.keys(FORMS).join(' or ')}: '${file}'`);
  const path = absolutePath(style, workingDirectory, file);
  const there = statIfThere(path);
  if (there !== undefined && !there.isFile())
    return complain(`'${file}' is not an ordinary file and was not replaced`);
  const text = form(await documentOf(context));
  try {
    // Only to be told if it is missing: a folder with a mistyped name is not made.
    statSync(dirname(path));
    replaceFileSync(path, text);
  } catch (error) {
    return complain(`'${file}' cannot be written: ${reasonOf(error)}`);
  }
  context.stdout(`Report written to ${file}\n`);
  return 0;
}

async function documentOf(context: CliContext): Promise<ReportDocument> {
  const statistics = await gatherStatistics(context);
  const { config } = context;
  const calls = knownCallsOf(allCallsIn(config).all(), config);
  const madeAt = Date.now();
  const progress = progressLine(context, 'Looking at the cache');
  const groups = await sizesByAge(layoutOf(config.cacheDirectory), {
    now: madeAt,
    limits: AGES.slice(0, -1).map(({ limit }) => limit),
    progress: progress.update,
  }).finally(progress.end);
  const ages = groups.map((group, index): AgedSize => ({ name: AGES[index]?.name ?? '', ...group }));
  return reportDocument({ statistics, calls, ages, madeAt, version: VERSION });
}
