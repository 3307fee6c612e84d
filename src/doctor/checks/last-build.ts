import type { Config } from '../../config/config.ts';
import { grouped } from '../../report/amounts.ts';
import { COUNTERS, type Counter, type Counts } from '../../statistics/counters.ts';
import type { RefusedOptions } from '../../statistics/refused-options.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

type Switches = Pick<Config, 'embedsDebug' | 'databases' | 'precompiledHeaders'>;

/** What may have been counted, what it means, what cures it, and whether the settings do so by now. */
const ROWS: readonly {
  readonly counter: Counter;
  readonly means: string;
  readonly advice: string;
  readonly isCured?: (config: Switches) => boolean;
}[] = [
  {
    counter: 'CallsForExternalDebugInfo',
    means: 'wrote debug information into a database (/Zi, /ZI, also behind a /Z7, which they override)',
    advice: 'clcache --set CLCACHE_Z7=1, or use /Z7 in place of /Zi everywhere',
    isCured: ({ embedsDebug, databases }) => embedsDebug || databases !== undefined,
  },
  {
    counter: 'CallsWithPch',
    means: 'made or used a precompiled header in a way that is not cached',
    advice: 'clcache --set CLCACHE_PCH=1 with cl; see "Precompiled headers" in the README',
    isCured: ({ precompiledHeaders }) => precompiledHeaders,
  },
  {
    counter: 'CallsForLinking',
    means: 'compiled and linked at once',
    advice: 'compile with /c, and link in a call of its own',
  },
  {
    counter: 'CallsWithUnsupportedOption',
    means: 'had an option that is not cached',
    advice: 'clcache --why names it; CLCACHE_SAFE_OPTIONS if it reads and writes no file',
  },
  {
    counter: 'CallsWithInvalidArgument',
    means: 'had a line that compilers read in several ways, or bytes that are no text',
    advice: 'clcache --why names it',
  },
  {
    counter: 'CallsWithMultipleSourceFiles',
    means: 'had several sources with /Tc or /Tp',
    advice: 'use /TC or /TP',
  },
  {
    counter: 'CallsForOtherPrograms',
    means: 'were for programs that are neither cl nor clang-cl',
    advice: 'call those without clcache',
  },
  {
    counter: 'CallsWithSpecialFile',
    means: 'read a pipe, a device or a name that notes cannot show',
    advice: 'clcache --why names it',
  },
  {
    counter: 'NotStored',
    means: 'were compiled and not stored: a file changed meanwhile, or an output was missing',
    advice: 'clcache --why names the file',
  },
  {
    counter: 'CacheErrors',
    means: 'could not use the cache',
    advice: 'see the line about the cache folder; clcache --why names the error',
  },
  {
    counter: 'DamagedEntries',
    means: 'found an entry that did not verify, and replaced it',
    advice: 'if it goes on, look at the disk, and at who else writes to the folder',
  },
];

/** What was handed on in the last build, and which switch or spelling would have it cached. */
export async function checkLastBuild({
  config,
  statistics,
}: Pick<Surroundings, 'statistics'> & { readonly config: Switches }): Promise<Finding[]> {
  const { builds, totals, refused: refusedOfAll } = await statistics();
  const last = builds.at(-1);
  const counts: Counts = last?.counts ?? totals;
  const refused = last?.refused ?? refusedOfAll;
  const served = (counts.CacheHits ?? 0) + (counts.CacheMisses ?? 0);
  const findings = ROWS.flatMap(({ counter, means, advice, isCured }) => {
    const count = counts[counter] ?? 0;
    if (count === 0) return [];
    const named = counter === 'CallsWithUnsupportedOption' ? namesOf(refused) : '';
    const found = `${grouped(count)} ${count === 1 ? 'call' : 'calls'} ${means}${named}`;
    if (isCured?.(config)) return [good(`${found}: the settings cure that by now`)];
    const isRefusal = COUNTERS[counter].group === 'passedThrough';
    return [served === 0 && isRefusal ? stops(found, advice) : look(found, advice)];
  });
  const all = served === 0 && findings.length === 0 ? 'nothing was counted yet' : summaryOf(counts);
  return [...(served > 0 || findings.length === 0 ? [good(all)] : []), ...findings];
}

function summaryOf(counts: Counts): string {
  const { CacheHits = 0, CacheMisses = 0 } = counts;
  return `${grouped(CacheHits)} of ${grouped(CacheHits + CacheMisses)} sources were hits`;
}

/** The options by name, the most frequent first. */
function namesOf(refused: RefusedOptions): string {
  const names = Object.entries(refused).sort(([, a], [, b]) => b - a);
  const shown = names.slice(0, 3).map(([name, count]) => `${name} (${count})`);
  return shown.length === 0 ? '' : `: ${shown.join(', ')}`;
}
