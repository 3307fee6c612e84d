import { readdirSync, readlinkSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fd';

/** Descriptors that runtimes open for themselves, and that cannot be opened by a name. */
const NOT_GIVEN = /^(?:anon_inode|socket):/;

/** Limits an array that has one place for each descriptor. */
const LARGEST = 1023;

/**
 * The descriptors beyond stderr that the command line may name (`/dev/fd/63`, as a shell names the output of a
 * command). Runtimes close them for the programs that they start, unless they are listed. Empty if the system does not
 * list them.
 */
export function givenDescriptors(): number[] {
  let names: string[];
  try {
    names = readdirSync(DESCRIPTORS);
  } catch {
    return [];
  }
  return names.map(Number).filter((number) => number > 2 && number <= LARGEST && isGiven(number));
}

function isGiven(number: number): boolean {
  try {
    return !NOT_GIVEN.test(readlinkSync(`${DESCRIPTORS}/${number}`));
  } catch {
    // The descriptor of the list itself, which is closed by now.
    return false;
  }
}
