/** Whether secrets in `config.txt` are kept from others. Looked at only where the settings are written or examined. */
import { statIfThere } from '../util/file-stat.ts';
import { isKeyText } from '../util/key-text.ts';
import { parseSettingsFile } from './settings-file.ts';
import { holdsSecret } from './shown-value.ts';
import { isVariableName } from './variables.ts';

/** The rights of a file with a secret in it: for its owner only. */
export const PRIVATE = 0o600;
const RIGHTS_OF_OTHERS = 0o066;

/** True if one of the values in a settings file is a secret, or an address with one in it. */
export function holdsSecrets(values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).some(([spelled, value]) => {
    const name = spelled.toUpperCase();
    return isVariableName(name) && (typeof value === 'string' || typeof value === 'number')
      ? holdsSecret(name, String(value))
      : false;
  });
}

/** One line if others may read or change a settings file with a secret in it. Undefined on Windows, which has no such rights. */
export function exposedSecret(settingsFile: string): string | undefined {
  const mode = process.platform === 'win32' ? 0 : (statIfThere(settingsFile)?.mode ?? 0);
  if ((mode & RIGHTS_OF_OTHERS) === 0 || !hasSecrets(settingsFile)) return undefined;
  const rights = (mode & 0o777).toString(8);
  return `${settingsFile} holds a secret, and its rights (${rights}) are not only its owner's: chmod 600 makes them so`;
}

/** One line if others may read the file of a private key. `items` are keys and absolute paths. */
export function exposedKey(items: readonly string[] = []): string | undefined {
  if (process.platform === 'win32') return undefined;
  const file = items.find(
    (item) => !isKeyText(item) && ((statIfThere(item)?.mode ?? 0) & RIGHTS_OF_OTHERS) !== 0,
  );
  return (
    file && `the private key in CLCACHE_REMOTE_SIGN can be read or changed by others: chmod 600 ends that`
  );
}

/** A file that cannot be read is told of elsewhere. */
function hasSecrets(settingsFile: string): boolean {
  try {
    return holdsSecrets(parseSettingsFile(settingsFile)?.values ?? {});
  } catch {
    return false;
  }
}
