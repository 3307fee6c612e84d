import { createHash } from 'node:crypto';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import { type Remote, type RemoteKey, shardedPath } from '../remote.ts';
import { exchange, refusalOf, saysToHold } from './exchange.ts';
import { reach } from './reach.ts';

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** WebDAV asks for 409; nginx says 500 (without `create_full_put_path`), others 404. */
const WITHOUT_FOLDER: ReadonlySet<number> = new Set([404, 409, 500]);
/** What a server may say to a PUT. */
const ACKNOWLEDGEMENT_LIMIT = 64 * 1024;

/**
 * Any server that keeps what is PUT and gives it out again: WebDAV, nginx, or (`layout=bazel`) a cache of Bazel's,
 * which takes nothing but 64 hexadecimal digits below /ac/.
 */
export async function openHttpRemote(address: RemoteAddress): Promise<Remote> {
  const { host, port } = hostAndPort(address.place, address.scheme === 'https' ? 443 : 80);
  await reach(host, port);
  const base = address.url.replace(/\/+$/, '');
  const headers = authorization(address);
  const closing = new AbortController();
  const pathOf = address.options.layout === 'bazel' ? bazelPath : shardedPath;
  const put = (url: string, body: Uint8Array) =>
    exchange({ method: 'PUT', url, headers, body }, ACKNOWLEDGEMENT_LIMIT, closing.signal);

  return {
    async get(key, maximumSize) {
      const request = { method: 'GET', url: `${base}/${pathOf(key)}`, headers } as const;
      const answer = await exchange(request, maximumSize, closing.signal);
      if (answer.status === 200) return answer.body;
      if (GONE.has(answer.status)) return undefined;
      throw refusalOf(request, answer);
    },
    async put(key, bytes) {
      const url = `${base}/${pathOf(key)}`;
      let answer = await put(url, bytes);
      // WebDAV wants a folder to be there before a file is put into it.
      if (WITHOUT_FOLDER.has(answer.status)) {
        await makeFolders(base, pathOf(key), headers, closing.signal);
        answer = await put(url, bytes);
      }
      if (answer.status < 200 || answer.status >= 300) throw refusalOf({ method: 'PUT' }, answer);
    },
    holds: (key, size) => saysToHold({ url: `${base}/${pathOf(key)}`, headers }, size, closing.signal),
    close: () => closing.abort(),
  };
}

/** 64 digits, as SHA-256 has; bazel-remote needs `--disable_http_ac_validation` for entries that are not Bazel's. */
function bazelPath(key: RemoteKey): string {
  return `ac/${createHash('sha256').update(key).digest('hex')}`;
}

function authorization(address: RemoteAddress): Readonly<Record<string, string>> {
  const { user, password, options } = address;
  if (options.token !== undefined) return { authorization: `Bearer ${options.token}` };
  if (user === undefined && password === undefined) return {};
  const pair = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** What exists already is answered with an error, which the PUT that follows shows to be none. */
async function makeFolders(
  base: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const names = path.split('/').slice(0, -1);
  for (const [index] of names.entries()) {
    const url = `${base}/${names.slice(0, index + 1).join('/')}/`;
    await exchange({ method: 'MKCOL', url, headers }, ACKNOWLEDGEMENT_LIMIT, signal);
  }
}
