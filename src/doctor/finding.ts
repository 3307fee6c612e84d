/** What a check found, in a line that a person reads, and what to do about it. */

/** `good`: as it should be. `look`: it works, but somebody should look at it. `bad`: it does not work. */
export type Mark = 'good' | 'look' | 'bad';

export interface Finding {
  readonly mark: Mark;
  readonly found: string;
  /** What to do. */
  readonly advice?: string;
  /** True if a build gets nothing from the cache because of it. Then the exit status is 1. */
  readonly stops?: true;
}

export function good(found: string): Finding {
  return { mark: 'good', found };
}

export function look(found: string, advice?: string): Finding {
  return { mark: 'look', found, ...(advice !== undefined && { advice }) };
}

/** Something that does not work, while a build is served all the same. */
export function bad(found: string, advice: string): Finding {
  return { mark: 'bad', found, advice };
}

/** Something because of which a build gets nothing from the cache. */
export function stops(found: string, advice: string): Finding {
  return { mark: 'bad', found, advice, stops: true };
}
