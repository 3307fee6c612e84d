import type { Config } from '../../config/config.ts';
import { readRemoteStatistics } from '../../statistics/remote-statistics.ts';
import { type RemoteAddress, readAddresses } from '../../storage/remote/address.ts';
import { readTroubles } from '../../storage/remote/health.ts';
import { nameOf } from '../../storage/remote/identity.ts';
import { redactorFor } from '../../storage/remote/redactor-for.ts';
import { readSealing } from '../../storage/wire/read-sealing.ts';
import { maySend, type Sealing } from '../../storage/wire/sealing.ts';
import { bad, type Finding, good, look, stops } from '../finding.ts';
import { type ProbeOptions, probeStore, type StoreProbe } from '../store-probe.ts';
import type { Surroundings } from '../surroundings.ts';

type Needed = Pick<Surroundings, 'layout'> & {
  readonly config: Pick<
    Config,
    | 'remote'
    | 'memcached'
    | 'remoteSecret'
    | 'remoteSign'
    | 'remoteTrust'
    | 'remoteOnly'
    | 'environment'
    | 'homeDirectory'
    | 'style'
  >;
  /** Tests ask stores that they make. */
  readonly probe?: (address: RemoteAddress, options: ProbeOptions) => Promise<StoreProbe>;
};

const SAME_KEYS = 'give all machines the same CLCACHE_REMOTE_SECRET, and readers the keys of all writers';

/** A hit from a store takes a few round trips. */
const SLOW_MS = 50;

/** Each server of each store: can it be reached, how long is a round trip, does it give and take entries. */
export async function checkStores({ config, layout, probe = probeStore }: Needed): Promise<Finding[]> {
  const { stores, problems } = readAddresses(config);
  const addresses = stores.flat();
  const redact = redactorFor(addresses, config);
  const read = readSealing(config);
  if (read.kind === 'unusable' && addresses.length > 0)
    return [
      (config.remoteOnly ? stops : bad)(`no store is used: ${read.because}`, 'clcache --make-key makes keys'),
    ];
  const sealing = read.kind === 'read' ? read.sealing : {};
  const options = { context: config, sealing };
  const asked = await Promise.all(
    addresses.map(async (address) => ({ address, result: await probe(address, options) })),
  );
  const isLost = config.remoteOnly && asked.every(({ result }) => result.kind !== 'answers');
  const counted = readRemoteStatistics(layout.statistics);
  const troubles = readTroubles(layout.cacheDirectory);
  const findings = [
    ...problems.map((problem) => bad(problem, 'see "Sharing between machines" in the README')),
    ...asked.flatMap(({ address, result }) => {
      const name = redact(nameOf(address));
      return [
        findingOf(name, result, { sealing, isLost }),
        ...(troubles.some((trouble) => trouble.name === name && trouble.outUntil !== undefined)
          ? [
              look(
                `${name} is left out of calls for 30 s after a failure`,
                'clcache --check-remote asks it, and so do calls if it works',
              ),
            ]
          : []),
        ...((counted[name]?.rejected ?? 0) > 0
          ? [look(`${name} gave ${counted[name]?.rejected} entries that did not verify`, SAME_KEYS)]
          : []),
      ];
    }),
  ].map(({ found, ...rest }) => ({ ...rest, found: redact(found) }));
  return findings.length > 0 ? findings : [good('none is named: entries stay on this machine')];
}

function proofOf({ secret, trusted }: Sealing): string {
  const proofs = [...(secret === undefined ? [] : ['with the secret']), ...(trusted ? ['with a key'] : [])];
  return proofs.length === 0 ? 'entries are not signed' : `entries are signed ${proofs.join(' and ')}`;
}

function findingOf(
  name: string,
  result: StoreProbe,
  { sealing, isLost }: { readonly sealing: Sealing; readonly isLost: boolean },
): Finding {
  if (result.kind !== 'answers') {
    const what = result.kind === 'unreachable' ? 'cannot be reached' : 'gives nothing';
    const found = `${name} ${what}: ${result.because}`;
    return isLost
      ? stops(found, 'make it answer, or unset CLCACHE_REMOTE_ONLY')
      : bad(found, 'make it answer, or take it out of the setting: calls wait for it');
  }
  const { writing, milliseconds, hasStrangeEntry } = result;
  const time = `answers in ${milliseconds.toFixed(1)} ms`;
  if (typeof writing === 'object')
    return bad(
      `${name} ${time}, but takes nothing: ${writing.fails}`,
      'allow writing, or add readonly=1 to its address',
    );
  const held = maySend(sealing) ? 'readonly=1 keeps it so' : 'who only trusts signers sends none';
  const can = writing === 'works' ? 'gives and takes entries' : `gives entries, and ${held}`;
  const found = `${name} ${time}, ${can}; ${proofOf(sealing)}`;
  if (hasStrangeEntry)
    return look(`${found}. What another machine left there has another secret or key`, SAME_KEYS);
  return milliseconds > SLOW_MS
    ? look(found, 'use a store that is nearer: a hit takes a few answers')
    : good(found);
}
