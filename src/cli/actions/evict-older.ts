import { grouped } from '../../report/amounts.ts';
import { evictUnused } from '../../storage/local/evict.ts';
import { quoted } from '../../util/one-line.ts';
import { parseAge } from '../age.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { removeWhenFree, statusAfter } from '../removing.ts';

/** `clcache --evict-older-than AGE`: evicts what was not used for so long. A bad age gives one line and changes nothing. */
export async function evictOlderThan(context: CliContext, { value, modifiers }: OwnLine): Promise<number> {
  const age = parseAge(value);
  if (age === undefined) {
    context.stderr(`clcache: --evict-older-than takes 90s, 30m, 12h or 30d: ${quoted(value)}\n`);
    return 1;
  }
  const since = Date.now() - age;
  const result = await removeWhenFree(context, {
    title: 'Evicting old entries',
    run: (options) => evictUnused({ ...options, since }),
  });
  if (result.kind === 'busy') {
    context.stderr('clcache: another process is cleaning the cache; nothing was evicted\n');
    return 1;
  }
  const { before, after } = result;
  const evicted = { entries: before.entries - after.entries, bytes: before.bytes - after.bytes };
  context.stdout(
    '--json' in modifiers
      ? `${JSON.stringify({ evicted, left: after }, undefined, 2)}\n`
      : `Evicted ${wordsFor(evicted)}; left: ${wordsFor(after)}\n`,
  );
  return statusAfter(context, result);
}

function wordsFor({ entries, bytes }: { readonly entries: number; readonly bytes: number }): string {
  return `${grouped(entries)} ${entries === 1 ? 'entry' : 'entries'} (${grouped(bytes)} bytes)`;
}
