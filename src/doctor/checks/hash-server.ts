import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { hashClient } from '../../hash/client.ts';
import { digestOfBytes } from '../../hash/digest.ts';
import { bad, type Finding, good, look } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

type Needed = Pick<Surroundings, 'room'> & {
  readonly config: Pick<Config, 'server' | 'serverAddress' | 'serverTimeoutMs'>;
};

/** Whether the hash server answers, if it is asked for. */
export async function checkHashServer({ config, room }: Needed): Promise<Finding[]> {
  if (!config.server) return [good('not asked for')];
  if (room.kind === 'none') return [look(`not asked: ${room.because}`)];
  const { serverAddress, serverTimeoutMs } = config;
  const contents = Buffer.from('a file for the hash server');
  const path = join(room.path, 'witness');
  writeFileSync(path, contents);
  let problem = 'it gives no hashes';
  const client = hashClient(serverAddress, serverTimeoutMs, (line) => {
    problem = line.replace('hash server not used: ', '');
  });
  const start = performance.now();
  const digests = await client.ask([{ path }], { path, digest: digestOfBytes(contents) });
  const took = performance.now() - start;
  if (digests === undefined)
    return [
      bad(
        `CLCACHE_SERVER asks ${serverAddress}, which is of no use: ${problem}`,
        'start clcache-server, or unset CLCACHE_SERVER: calls hash for themselves',
      ),
    ];
  return [good(`answers in ${took.toFixed(1)} ms at ${serverAddress}`)];
}
