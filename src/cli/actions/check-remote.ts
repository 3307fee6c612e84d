import { checkEachStore, type StoreCheck, type StoreChecks } from '../../doctor/each-store.ts';
import { localTime } from '../../report/amounts.ts';
import { oneLine } from '../../util/one-line.ts';
import type { CliContext, OwnLine } from '../context.ts';

const NONE = 'no store is named in CLCACHE_REMOTE or CLCACHE_MEMCACHED';

/**
 * `clcache --check-remote`: asks each shared store, writes a value where that is allowed, and removes it. Status 1 if one
 * is not usable, or if there is none. Calls of the compiler ask a store that is usable again at once.
 */
export async function checkRemote(
  context: CliContext,
  { modifiers }: Pick<OwnLine, 'modifiers'>,
): Promise<number> {
  const checks = await checkEachStore(context.config);
  const { stores, problems } = checks;
  const all = stores.length === 0 && problems.length === 0 ? [NONE] : problems;
  const isUsable = all.length === 0 && stores.every((store) => store.isUsable);
  if ('--json' in modifiers) context.stdout(jsonOf({ ...checks, problems: all }, isUsable));
  else {
    const proofs = proofsOf(checks);
    if (proofs !== undefined && stores.length > 0) context.stdout(`${proofs}\n`);
    for (const store of stores) context.stdout(`${linesOf(store).map(oneLine).join('\n')}\n`);
    for (const problem of all) context.stderr(`clcache: ${oneLine(problem)}\n`);
  }
  return isUsable ? 0 : 1;
}

/** What entries are proven with. Undefined for a checksum alone. */
function proofsOf({
  sealing: { secret, signer, trusted },
}: Pick<StoreChecks, 'sealing'>): string | undefined {
  const hex = (key: { readonly id: Buffer }) => key.id.toString('hex');
  const parts = [
    ...(secret === undefined ? [] : ['the secret']),
    ...(signer ? [`the key ${hex(signer)}`] : []),
  ];
  const proofs = parts.length > 0 ? [`signed with ${parts.join(' and ')}`] : [];
  if (trusted) proofs.push(`trusted keys: ${[...new Set(trusted.map(hex))].join(', ')}`);
  return proofs.length === 0 ? undefined : `entries: ${proofs.join('; ')}`;
}

function linesOf(store: StoreCheck): string[] {
  const { name, isUsable, wasReached, wasRead, wasWritten, roundTripMs, notWritten, leftBehind } = store;
  const steps = [
    wasReached ? 'reached' : 'not reached',
    ...(wasReached ? [wasRead ? 'read' : 'not read'] : []),
    ...(wasRead
      ? [wasWritten ? 'written' : `not written${notWritten === undefined ? '' : ` (${notWritten})`}`]
      : []),
  ];
  const time = roundTripMs === undefined ? '' : `; ${roundTripMs.toFixed(1)} ms a round trip`;
  const { error, outUntil, notWrittenUntil } = store.trouble ?? {};
  const until = outUntil ?? notWrittenUntil;
  const out = outUntil === undefined ? 'not written to' : 'left out';
  const kept = isUsable ? 'it is asked again now' : `${out} until ${localTime(until ?? 0)}`;
  return [
    `${isUsable ? 'ok' : 'X '} ${name}: ${steps.join(', ')}${time}`,
    ...(store.problem === undefined ? [] : [`   ${store.problem}`]),
    ...(leftBehind === undefined ? [] : [`   a value of a few bytes stays there: ${leftBehind}`]),
    ...(error ? [`   last error of a call, ${localTime(error.at)}: ${error.reason}`] : []),
    ...(until === undefined
      ? []
      : [`   calls had ${out === 'left out' ? 'left it out' : 'stopped writing to it'}; ${kept}`]),
  ];
}

function jsonOf({ stores, problems }: StoreChecks, isUsable: boolean): string {
  const told = stores.map((store) => {
    const { name, wasReached, wasRead, wasWritten, roundTripMs, problem, notWritten, leftBehind } = store;
    const { error, outUntil, notWrittenUntil } = store.trouble ?? {};
    const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
    return {
      name,
      usable: store.isUsable,
      reached: wasReached,
      read: wasRead,
      written: wasWritten,
      roundTripMs: roundTripMs === undefined ? undefined : Number(roundTripMs.toFixed(2)),
      problem,
      notWritten,
      leftBehind,
      lastError: error && { at: iso(error.at), reason: error.reason },
      outUntil: store.isUsable ? undefined : iso(outUntil),
      notWrittenUntil: store.isUsable ? undefined : iso(notWrittenUntil),
    };
  });
  return `${JSON.stringify({ usable: isUsable, stores: told, problems }, undefined, 2)}\n`;
}
