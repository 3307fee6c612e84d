import { leftLocksOf } from '../../storage/local/lock-places.ts';
import { STALE_MS } from '../../util/lock-folder.ts';
import { type Finding, good, look } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

/** Locks that killed processes left behind, and calls that did not get one in time. */
export async function checkLocks({
  layout,
  statistics,
}: Pick<Surroundings, 'layout' | 'statistics'>): Promise<Finding[]> {
  const left = leftLocksOf(layout);
  const findings: Finding[] = [];
  const [first] = left;
  if (first !== undefined)
    findings.push(
      look(
        `${left.length} of processes that were killed: ${first}${left.length > 1 ? ' ...' : ''}`,
        `the next call that needs one removes it, after up to ${STALE_MS / 1000} s; clcache -C removes all`,
      ),
    );
  const { LockTimeouts } = (await statistics()).totals;
  if (LockTimeouts > 0)
    findings.push(
      look(
        `${LockTimeouts} calls did not get a lock in time and ran without the cache`,
        'keep the cache on a fast local drive; CLCACHE_OBJECT_CACHE_TIMEOUT_MS is the time',
      ),
    );
  return findings.length > 0 ? findings : [good('none is left over')];
}
