import { type parseArgs as Parse, type ParseArgsConfig, parseArgs } from 'node:util';

/** The options of this program's command line; a wrong one ends it with status 2 and one line. */
export function optionsOf<const T extends ParseArgsConfig['options'] & {}>(
  options: T,
): ReturnType<typeof Parse<{ options: T }>>['values'] {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return wrongUse(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number from 1 on. */
export function countOf(name: string, value: string): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? count : wrongUse(`--${name} takes a number: ${value}`);
}

/** Ends the program with what is wrong. */
export function wrongUse(message: string): never {
  console.error(message);
  process.exit(2);
}
