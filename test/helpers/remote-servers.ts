/** Real servers on loopback ports, started for a test file and stopped after it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../bin/dev/project.ts';

export interface StartedServer {
  readonly port: number;
  stop(): Promise<void>;
}

const LONGEST_START_MS = 30_000;

export function startMemcached(...options: readonly string[]): Promise<StartedServer> {
  return startProgram((port) => [
    'memcached',
    ['-l', '127.0.0.1', '-p', String(port), '-u', 'root', ...options],
  ]);
}

export function startRedis(...options: readonly string[]): Promise<StartedServer> {
  return startRedisAt('--port', options);
}

export function startRedisWithTls(
  key: string,
  cert: string,
  ...options: readonly string[]
): Promise<StartedServer> {
  const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-ca-cert-file', cert];
  return startRedisAt('--tls-port', ['--port', '0', '--tls-auth-clients', 'no', ...files, ...options]);
}

function startRedisAt(portOption: string, options: readonly string[]): Promise<StartedServer> {
  return startProgram((port, folder) => [
    'redis-server',
    ['--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options, portOption, String(port)],
  ]);
}

/** WebDAV below /open/, without missing folders below /strict/, without MKCOL below /bare/ and /keeps/ (which has the folder of Bazel) and, with user `me` and password `secret word`, below /closed/. */
export function startNginx(): Promise<StartedServer> {
  return startProgram((port, folder) => {
    for (const name of ['open', 'closed', 'strict', 'bare', 'keeps/ac'])
      mkdirSync(join(folder, 'www', name), { recursive: true });
    writeFileSync(join(folder, 'users'), 'me:{PLAIN}secret word\n');
    writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(port, folder));
    return ['nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')]];
  });
}

export interface ConfiguredNginx extends StartedServer {
  readonly folder: string;
}

/** nginx with the `server { … }` that `configure` returns for a folder, which it may fill, and a port. */
export async function startConfiguredNginx(
  configure: (folder: string, port: number) => string,
): Promise<ConfiguredNginx> {
  let place = '';
  const started = await startProgram((port, folder) => {
    place = folder;
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder, configure(folder, port)));
    return ['nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')]];
  });
  return { ...started, folder: place };
}

/** A bucket named `bucket`, credentials S3RVER and S3RVER. */
export async function startS3(): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-s3-'));
  const S3rver = createRequire(join(ROOT, 'package.json'))('@20minutes/s3rver') as new (
    options: object,
  ) => { run(): Promise<AddressInfo>; close(): Promise<void> };
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'bucket', configs: [] }],
  });
  const { port } = await server.run();
  return {
    port,
    async stop() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startProgram(
  command: (port: number, folder: string) => [string, string[]],
  mayUse: (port: number) => boolean = () => true,
): Promise<StartedServer> {
  let port = await freePort();
  while (!mayUse(port)) port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'clcache-server-'));
  const [program, args] = command(port, folder);
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  await Promise.race([
    whenListening(port, child),
    ended.then(() => Promise.reject(new Error(`${program} did not start`))),
  ]);
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function whenListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + LONGEST_START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error('the server does not listen');
}

function nginxConfiguration(port: number, folder: string): string {
  return mainConfiguration(
    folder,
    `server {
    listen 127.0.0.1:${port};
    client_max_body_size 64m; root ${folder}/www;
    location /open/ { dav_methods PUT DELETE MKCOL; create_full_put_path on; }
    location /strict/ { dav_methods PUT DELETE MKCOL; }
    location /bare/ { dav_methods PUT; }
    location /keeps/ { dav_methods PUT; }
    location /closed/ {
      dav_methods PUT DELETE MKCOL; create_full_put_path on;
      auth_basic "closed"; auth_basic_user_file ${folder}/users;
    }
  }`,
  );
}

function mainConfiguration(folder: string, server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  ${server}
}
`;
}
