/** Servers of Redis that know of each other, and one at a Unix socket. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type StartedServer, startProgram, startRedis } from './remote-servers.ts';

const LONGEST_WAIT_MS = 30_000;
/** The servers of a cluster talk to each other at a port that is 10,000 higher. */
const HIGHEST_PORT = 55_000;
const SLOTS = 16_384;

/** A server with a Unix socket as well as a port. */
export async function startRedisAtSocket(
  path: string,
  ...options: readonly string[]
): Promise<StartedServer> {
  return startRedis('--unixsocket', path, ...options);
}

/** Masters that divide the slots among them. The ports are in the order of the slots. */
export async function startCluster(
  size: number,
  ...options: readonly string[]
): Promise<{ readonly servers: readonly StartedServer[]; stop(): Promise<void> }> {
  const servers = await Promise.all(Array.from({ length: size }, () => startClusterServer(options)));
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    for (const [index, { port }] of servers.entries()) {
      const [first, end] = [index, index + 1].map((number) => Math.floor((number * SLOTS) / size));
      await say(port, options, ['CLUSTER', 'ADDSLOTSRANGE', String(first), String((end ?? SLOTS) - 1)]);
      await say(port, options, ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
      await say(port, options, ['CLUSTER', 'MEET', '127.0.0.1', String(servers[0]?.port)]);
    }
    for (const { port } of servers)
      await until(async () => {
        const state = String(await say(port, options, ['CLUSTER', 'INFO']));
        return state.includes('cluster_state:ok') && state.includes(`cluster_size:${size}`);
      });
    return { servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server with a replica, and a sentinel that calls the server `mymaster`. */
export async function startWatched(password: string): Promise<{
  readonly master: StartedServer;
  readonly replica: StartedServer;
  readonly sentinel: StartedServer;
  /** Resolves when the sentinel names the replica. */
  promoted(): Promise<void>;
  stop(): Promise<void>;
}> {
  const login = ['--requirepass', password, '--masterauth', password];
  const master = await startRedis(...login);
  const replica = await startRedis(...login, '--replicaof', '127.0.0.1', String(master.port));
  const sentinel = await startProgram((port, folder) => {
    const file = join(folder, 'sentinel.conf');
    writeFileSync(
      file,
      `bind 127.0.0.1\nport ${port}\ndir ${folder}
sentinel monitor mymaster 127.0.0.1 ${master.port} 1
sentinel auth-pass mymaster ${password}
sentinel down-after-milliseconds mymaster 500
sentinel failover-timeout mymaster 5000
`,
    );
    return ['redis-server', [file, '--sentinel']];
  });
  const servers = [sentinel, replica, master];
  const knows = async (port: number) => {
    const answer = await say(sentinel.port, [], ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster']);
    return Array.isArray(answer) && answer[1] === String(port);
  };
  await until(async () => {
    const replicas = await say(sentinel.port, [], ['SENTINEL', 'REPLICAS', 'mymaster']);
    const info = String(await say(replica.port, login, ['INFO', 'replication']));
    return Array.isArray(replicas) && replicas.length === 1 && info.includes('master_link_status:up');
  });
  return {
    master,
    replica,
    sentinel,
    promoted: () =>
      until(async () => {
        const info = String(await say(replica.port, login, ['INFO', 'replication']));
        return (await knows(replica.port)) && info.includes('role:master');
      }),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** The answer of a server to one command. The password is that of the options that it was started with. */
export async function say(
  port: number,
  options: readonly string[],
  [command = '', ...words]: readonly string[],
): Promise<unknown> {
  const at = options.indexOf('--requirepass');
  const password = at < 0 ? undefined : options[at + 1];
  const client = new Redis(port, '127.0.0.1', {
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    ...(password !== undefined && { password }),
  });
  try {
    return await client.call(command, ...words);
  } finally {
    client.disconnect();
  }
}

function startClusterServer(options: readonly string[]): Promise<StartedServer> {
  return startProgram(
    (port, folder) => {
      const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
      return ['redis-server', [...place, '--cluster-enabled', 'yes', ...options]];
    },
    (port) => port < HIGHEST_PORT,
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the servers do not find each other');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
