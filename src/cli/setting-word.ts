/** The words of `--set` and `--unset`, checked by the table of variables. */
import { type NamedVariable, type Reading, unquoted } from '../config/kinds.ts';
import { MAXIMUM_CACHE_SIZE, shownName, whyNotInFile } from '../config/settings-file.ts';
import { isVariableName, VARIABLES, type VariableName, type VariableRow } from '../config/variables.ts';
import { readAddresses } from '../storage/remote/address.ts';
import { readSealing } from '../storage/wire/read-sealing.ts';
import { nearestWord } from '../util/nearest-word.ts';
import { absolutePath } from '../util/paths.ts';

export interface GivenSetting {
  readonly name: VariableName;
  readonly value: string;
}

/** The name and the value in `NAME=VALUE`, or why it is none. */
export function parseSetting(word: string): GivenSetting | string {
  const [, spelled, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (spelled === undefined || value === undefined) {
    const { name, isCut } = shownName(word);
    return `--set takes NAME=VALUE${name === '' ? '' : `: '${name}${isCut ? '...' : ''}'`}`;
  }
  if (value.includes('\0')) return `a value has no NUL`;
  const name = parseSettingName(spelled);
  return typeof name === 'string' ? { name, value } : name.because;
}

/** The variable of this name, or why it cannot be set. The case of letters does not matter. */
export function parseSettingName(spelled: string): VariableName | { readonly because: string } {
  const name = spelled.trim().toUpperCase();
  if (shownName(name).name === MAXIMUM_CACHE_SIZE.name.toUpperCase())
    return { because: 'the limit is set with --set-size (-M)' };
  const begun = shownName(name).name;
  if (isVariableName(begun) && /^\W/.test(name.slice(begun.length)))
    return { because: `${begun} is followed by something else, which is not shown` };
  const because = whyNotInFile(name);
  if (because === undefined && isVariableName(name)) return name;
  const near = isVariableName(name) ? undefined : nearestWord(shownName(name).name, Object.keys(VARIABLES));
  return { because: `${because}${near === undefined ? '' : `: did you mean ${near}?`}` };
}

/**
 * What is wrong with a value of a variable, and what is odd about one that counts all the same. One line for each, without
 * secrets.
 */
export function checkValue(
  { name, value }: GivenSetting,
  { style, workingDirectory }: Pick<NamedVariable, 'style'> & { readonly workingDirectory: string },
): { readonly problems: readonly string[]; readonly oddities: readonly string[] } {
  const { kind }: VariableRow = VARIABLES[name];
  const reading: Reading = {
    style,
    homeDirectory: workingDirectory,
    absolute: (path) => absolutePath(style, workingDirectory, path),
    variable: () => undefined,
    problems: [],
  };
  const read = kind.read(value, reading, name);
  const bare = unquoted(value);
  if (bare === undefined) return { problems: reading.problems, oddities: [] };
  const misread = kind.misread?.(bare);
  return {
    problems: [
      ...reading.problems.map((problem) => problem.replace(INSTEAD, '')),
      ...(misread === undefined ? [] : [`${name}: ${misread.because}`]),
      ...(STORES[name]?.(bare) ?? []),
      ...(name === 'CLCACHE_REMOTE_SIGN' || name === 'CLCACHE_REMOTE_TRUST'
        ? problemsOfKeys(name, read)
        : []),
    ],
    oddities: kind.oddities?.(bare, { name, style }) ?? [],
  };
}

/** What keeps keys from being used. Calls find out when they open the stores. */
function problemsOfKeys(
  name: 'CLCACHE_REMOTE_SIGN' | 'CLCACHE_REMOTE_TRUST',
  keys: unknown,
): readonly string[] {
  const items = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  const given = name === 'CLCACHE_REMOTE_SIGN' ? { remoteSign: items } : { remoteTrust: items };
  const result = readSealing(given);
  return result.kind === 'unusable' ? [result.because] : [];
}

/** What is used in place of a value. Nothing is, if it is not set. */
const INSTEAD = /; (?:using .*|left out)$/;

/** What is not understood of addresses. Calls find out when they open the stores. */
const STORES: Readonly<Partial<Record<VariableName, (value: string) => readonly string[]>>> = {
  CLCACHE_REMOTE: (remote) => readAddresses({ remote }).problems,
  CLCACHE_MEMCACHED: (memcached) => readAddresses({ memcached }).problems,
};
