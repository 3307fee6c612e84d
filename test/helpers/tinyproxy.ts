/** tinyproxy, as a company may have one, on a loopback port. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedServer, whenListening } from './remote-servers.ts';

export interface StartedProxyProgram extends StartedServer {
  /** The request lines that it has written into its log: `CONNECT host:port HTTP/1.1`. */
  asked(): string[];
}

/** With `user:password` it lets nobody else in. `lines` are added to its configuration. */
export async function startTinyproxy(
  userInfo?: string,
  lines: readonly string[] = [],
): Promise<StartedProxyProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-proxy-'));
  const port = await freePort();
  const [file, log] = [join(folder, 'tinyproxy.conf'), join(folder, 'log')];
  writeFileSync(
    file,
    [
      ...['Listen 127.0.0.1', `Port ${port}`, 'Timeout 60', 'MaxClients 50', 'LogLevel Connect'],
      ...[`LogFile "${log}"`, ...(userInfo === undefined ? [] : [`BasicAuth ${userInfo.replace(':', ' ')}`])],
      ...lines,
      '',
    ].join('\n'),
  );
  const child = spawn('tinyproxy', ['-d', '-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  await Promise.race([
    whenListening(port, child),
    ended.then(() => Promise.reject(new Error('tinyproxy did not start'))),
  ]);
  return {
    port,
    asked: () =>
      [...readFileSync(log, 'utf8').matchAll(/Request \(file descriptor \d+\): (.*)$/gm)].map(
        ([, request = '']) => request,
      ),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
