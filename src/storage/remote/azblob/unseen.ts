import { whileChanged } from '../../../config/while-changed.ts';

/** What the libraries of Azure write to stderr with these may hold a token. They read them when they are loaded. */
const LOGGING = ['DEBUG', 'AZURE_LOG_LEVEL', 'TYPESPEC_RUNTIME_LOG_LEVEL'];
/**
 * Clients read these when they are made, and fail if there is a proxy without `http://`. clcache connects through proxies
 * itself.
 */
const PROXIES = ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

const HIDDEN = Object.fromEntries([...LOGGING, ...PROXIES].map((name) => [name, undefined]));

/** Loads a library of Azure, or makes its client, so that it knows of no proxy and logs nothing. */
export function unseen<T>(work: () => Promise<T>): Promise<T> {
  return whileChanged(HIDDEN, work);
}
