/** Asks every shared store whether it can be used, for `clcache --check-remote`. */
import type { Config } from '../config/config.ts';
import { type RemoteAddress, readAddresses } from '../storage/remote/address.ts';
import { forgetTrouble, type KnownTrouble, readTroubles } from '../storage/remote/health.ts';
import { identityOf, nameOf } from '../storage/remote/identity.ts';
import { redactorFor } from '../storage/remote/redactor-for.ts';
import { readSealing } from '../storage/wire/read-sealing.ts';
import { maySend, type Sealing } from '../storage/wire/sealing.ts';
import { keyToRemove, probeStore, type StoreProbe } from './store-probe.ts';

export interface StoreCheck {
  /** Without secrets. */
  readonly name: string;
  /** True if it does all that it is meant for. */
  readonly isUsable: boolean;
  readonly wasReached: boolean;
  readonly wasRead: boolean;
  readonly wasWritten: boolean;
  /** Of a question, once connected, in milliseconds. */
  readonly roundTripMs?: number;
  /** Why it is not usable. */
  readonly problem?: string;
  /** Why nothing was written to a store that is usable. */
  readonly notWritten?: string;
  /** Why the value that was written is still there. */
  readonly leftBehind?: string;
  /** What calls of the compiler remember of it. A store that is usable is asked again at once. */
  readonly trouble?: KnownTrouble;
}

export interface StoreChecks {
  readonly stores: readonly StoreCheck[];
  /** What keeps stores from being asked at all, one line each. */
  readonly problems: readonly string[];
  readonly sealing: Sealing;
}

type Needed = Pick<
  Config,
  | 'cacheDirectory'
  | 'remote'
  | 'memcached'
  | 'remoteSecret'
  | 'remoteSign'
  | 'remoteTrust'
  | 'environment'
  | 'homeDirectory'
  | 'style'
>;

/** Each server of each store, within the times that it is given. What is remembered of failures does not count. */
export async function checkEachStore(config: Needed): Promise<StoreChecks> {
  const { stores, problems } = readAddresses(config);
  const read = readSealing(config);
  if (read.kind === 'unusable') return { stores: [], problems: [...problems, read.because], sealing: {} };
  const { sealing } = read;
  const addresses = stores.flat();
  const redact = redactorFor(addresses, config);
  const troubles = readTroubles(config.cacheDirectory);
  const checks = addresses.map(async (address) => {
    const name = redact(nameOf(address));
    const result = await probeStore(address, { context: config, sealing, ownKey: keyToRemove() });
    const check = { name, ...checkOf(result, address, sealing) };
    if (check.isUsable) forgetTrouble(config.cacheDirectory, identityOf(address, config.environment));
    const trouble = troubles.find((one) => one.name === name);
    return {
      ...check,
      ...(check.problem !== undefined && { problem: redact(check.problem) }),
      ...(check.leftBehind !== undefined && { leftBehind: redact(check.leftBehind) }),
      ...(trouble && { trouble }),
    };
  });
  return { stores: await Promise.all(checks), problems, sealing };
}

function checkOf(result: StoreProbe, address: RemoteAddress, sealing: Sealing): Omit<StoreCheck, 'name'> {
  const nothing = { isUsable: false, wasReached: false, wasRead: false, wasWritten: false };
  if (result.kind !== 'answers') return { ...nothing, wasReached: result.isAlive, problem: result.because };
  const { writing, milliseconds, leftBehind } = result;
  const answered = { ...nothing, wasReached: true, wasRead: true, roundTripMs: milliseconds };
  if (typeof writing === 'object') return { ...answered, problem: writing.fails };
  if (writing === 'works')
    return { ...answered, isUsable: true, wasWritten: true, ...(leftBehind !== undefined && { leftBehind }) };
  const notWritten =
    maySend(sealing) || address.readOnly ? 'readonly=1' : 'CLCACHE_REMOTE_TRUST alone only reads';
  return { ...answered, isUsable: true, notWritten };
}
