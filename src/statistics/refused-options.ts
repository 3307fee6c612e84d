/** How often each option kept a call from the cache. The number of names has a limit, because a line may hold any text. */
import { isJsonObject } from '../util/json.ts';

/** By the name of the option, without its value. */
export type RefusedOptions = Readonly<Record<string, number>>;

/** The name for all options beyond the limit. No option is spelled so. */
export const OTHER_OPTIONS = 'others';

const MOST_NAMES = 20;
const LONGEST_NAME = 40;

/** The sums. Options that are new in `right` are counted together once there are 20 names. */
export function addRefused(left: RefusedOptions, right: RefusedOptions): RefusedOptions {
  const sums = new Map(Object.entries(left));
  for (const [option, count] of Object.entries(right)) {
    const isKept = sums.has(option) || sums.size < MOST_NAMES || option === OTHER_OPTIONS;
    const name = isKept ? option : OTHER_OPTIONS;
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

/** One refusal for the option that is spelled so. A value may be a path or a secret, and is left out. */
export function refusedOnce(option: string): RefusedOptions {
  const [name = ''] = /^(?:[/-]clang:)?[^=:\s]*/.exec(option) ?? [];
  return name === '' ? {} : { [name.slice(0, LONGEST_NAME)]: 1 };
}

/** What is an object of counts in a stored value. The rest is left out. */
export function decodeRefused(value: unknown): RefusedOptions {
  const rows = Object.entries(isJsonObject(value) ? value : {});
  const counted = rows.filter(
    (row): row is [string, number] =>
      typeof row[1] === 'number' &&
      Number.isSafeInteger(row[1]) &&
      row[1] > 0 &&
      row[0].length <= LONGEST_NAME,
  );
  return addRefused({}, Object.fromEntries(counted));
}
