/** Which hosts are reached without the proxy. */
import { BlockList, isIP } from 'node:net';

/** Addresses that mean something in one network only, where machines of a cloud ask who they are. No proxy leads there. */
const OF_THIS_NETWORK = ['169.254.0.0/16', 'fe80::/10'];

/**
 * True if `no_proxy` excepts the host of a URL: names (with all subdomains), addresses and ranges of them (`10.0.0.0/8`),
 * separated by commas or blanks. A name or an address may have a port. `*` means all.
 */
export function isExcepted(url: URL, exceptions: string): boolean {
  const host = withoutBrackets(url.hostname).toLowerCase().replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const listed = exceptions.toLowerCase().split(/[\s,]+/);
  return [...listed, ...OF_THIS_NETWORK].some((exception) => {
    if (exception === '') return false;
    if (exception === '*') return true;
    const [, name = '', only] = /^\*?\.?(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(exception) ?? [];
    const bare = withoutBrackets(name);
    if (bare === '' || (only !== undefined && only !== port)) return false;
    if (isIP(host) !== 0) return isAddressIn(host, bare);
    return host === bare || host.endsWith(`.${bare}`);
  });
}

/** True if an address is the one that is named, however it is written, or lies in a range. */
function isAddressIn(address: string, named: string): boolean {
  const [, first = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(named) ?? [];
  const family = isIP(first);
  const longest = family === 4 ? 32 : 128;
  if (family === 0 || family !== isIP(address) || Number(bits ?? 0) > longest) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(first, Number(bits ?? longest), kind);
  return list.check(address, kind);
}

function withoutBrackets(text: string): string {
  return text.replace(/^\[|\]$/g, '');
}
