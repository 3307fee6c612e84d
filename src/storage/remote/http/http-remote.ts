import { createHash } from 'node:crypto';
import type { RemoteAddress } from '../address.ts';
import {
  type Beat,
  RefusedError,
  type Remote,
  type RemoteKey,
  type StoreContext,
  shardedPath,
} from '../remote.ts';
import { Caller } from './caller.ts';
import { exchange, refusalOf, saysToHold } from './exchange.ts';
import { adviceOn, makeFolders } from './folders.ts';

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** WebDAV asks for 409. nginx says 500 (without `create_full_put_path`), others 404 or 403. */
const WITHOUT_FOLDER: ReadonlySet<number> = new Set([403, 404, 409, 500]);
/** The largest answer to a PUT, in bytes. */
const ACKNOWLEDGEMENT_LIMIT = 64 * 1024;

/**
 * A server that keeps what is PUT and returns it: WebDAV, nginx, or (`layout=bazel`) a cache of Bazel, which takes only
 * 64 hexadecimal digits below /ac/.
 */
export function openHttpRemote(address: RemoteAddress, context: StoreContext, beat: Beat): Remote {
  const base = new URL(address.url.replace(/\/+$/, ''));
  const caller = new Caller({ ...context, url: base, connectTimeoutMs: address.connectTimeoutMs, beat });
  const headers = authorization(address);
  const pathOf = address.options.layout === 'bazel' ? bazelPath : shardedPath;
  const query = address.options.query === undefined ? '' : `?${address.options.query.replace(/^\?/, '')}`;
  const urlOf = (key: RemoteKey) => `${base.href.replace(/\/+$/, '')}/${pathOf(key)}${query}`;
  const put = (url: string, body: Uint8Array) =>
    exchange(caller, { method: 'PUT', url, headers, body }, ACKNOWLEDGEMENT_LIMIT);

  return {
    async get(key, maximumSize) {
      const request = { method: 'GET', url: urlOf(key), headers } as const;
      const answer = await exchange(caller, request, maximumSize);
      if (answer.status === 200) return answer.body;
      if (GONE.has(answer.status)) return undefined;
      throw refusalOf(request, answer);
    },
    async put(key, bytes) {
      const url = urlOf(key);
      let answer = await put(url, bytes);
      if (isGood(answer)) return;
      if (!WITHOUT_FOLDER.has(answer.status)) throw refusalOf({ method: 'PUT' }, answer);
      // WebDAV needs the folder before the file.
      const made = await makeFolders(new URL('.', url), (folder) =>
        exchange(caller, { method: 'MKCOL', url: folder.href, headers }, ACKNOWLEDGEMENT_LIMIT),
      );
      answer = await put(url, bytes);
      if (isGood(answer)) return;
      const refusal = refusalOf({ method: 'PUT' }, answer);
      if (!WITHOUT_FOLDER.has(answer.status)) throw refusal;
      throw new RefusedError(`${refusal.message}; ${adviceOn(made)}`);
    },
    async remove(key) {
      const request = { method: 'DELETE', url: urlOf(key), headers } as const;
      const answer = await exchange(caller, request, ACKNOWLEDGEMENT_LIMIT);
      if (!isGood(answer) && !GONE.has(answer.status)) throw refusalOf(request, answer);
    },
    holds: (key, size) => saysToHold(caller, { url: urlOf(key), headers }, size),
    close: () => caller.destroy(),
  };
}

function isGood({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300;
}

/** 64 digits, as SHA-256 has. bazel-remote needs `--disable_http_ac_validation` for entries that are not Bazel's. */
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
