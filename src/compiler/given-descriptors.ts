import { readdirSync, readlinkSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fd';

/** What runtimes have for themselves, and what no name of a descriptor leads to. */
const NOT_GIVEN = /^(?:anon_inode|socket):/;

/** An array with one place for each descriptor must not become endless. */
const LARGEST = 1023;

/**
 * The descriptors beyond stderr by which a file of the command line may be named (`/dev/fd/63`, as a shell names the
 * output of a command). Runtimes close them for the programs that they start, so they must be named to them. Empty
 * where the system does not list them.
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
    // That of the list itself, which is closed by now.
    return false;
  }
}
