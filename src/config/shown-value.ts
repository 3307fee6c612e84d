/** Values of variables as they may be shown. No hit shows one, so this is not in the table of kinds. */
import { isKeyText, keysAndFiles } from '../util/key-text.ts';
import { MASK, withoutUserInfo } from '../util/redact.ts';
import { shownAddresses, shownServers } from '../util/shown-address.ts';
import { VARIABLES, type VariableName, type VariableRow } from './variables.ts';

/** For variables whose values may hold a secret somewhere: how they are shown. */
const SHOWN_BY: Readonly<Partial<Record<VariableName, (value: string) => string>>> = {
  CLCACHE_REMOTE: shownAddresses,
  CLCACHE_MEMCACHED: shownServers,
  CLCACHE_REMOTE_TRUST: shownKeys,
};

/** The value of a variable without secrets. */
export function shownValue(name: VariableName, value: string): string {
  const row: VariableRow = VARIABLES[name];
  if (row.isSecret === true) return '(not shown)';
  return (SHOWN_BY[name] ?? withoutUserInfo)(value);
}

/** Public keys and files. A private key has no place there, and is not shown. */
function shownKeys(value: string): string {
  const isSecret = (item: string) => isKeyText(item) && /^(?:ed25519-|-----BEGIN .*)private/i.test(item);
  return keysAndFiles(value)
    .map((item) => (isSecret(item) ? MASK : item))
    .join(';');
}

/** True if a value of this variable is a secret, or an address with a password or with what may be one. */
export function holdsSecret(name: VariableName, value: string): boolean {
  const row: VariableRow = VARIABLES[name];
  return (
    value !== '' && (row.isSecret === true || (name in SHOWN_BY && shownValue(name, value).includes(MASK)))
  );
}
