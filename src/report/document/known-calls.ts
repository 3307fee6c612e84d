/** What is known of the last calls that were no hits, counted. Plain values, so that it does not matter who kept them. */

/** Something that happened to calls, and how often. */
export interface Tally {
  /** In words, or the name of a header or an option. */
  readonly what: string;
  readonly count: number;
  /** How long the compilers of these calls ran, in milliseconds. */
  readonly ms: number;
}

/** An option, or another reason, for which calls were handed on. */
export interface HandedOnTally extends Tally {
  /** With which settings, options or spellings they would be cached. */
  readonly cures: readonly string[];
  /** Their targets, or the folders of their sources, the worst first. */
  readonly places: readonly string[];
}

/** All lists have the worst first. */
export interface KnownCalls {
  /** How many calls are known, and since when, in milliseconds since 1970. */
  readonly count: number;
  readonly since: number;
  readonly causes: readonly Tally[];
  readonly headers: readonly Tally[];
  /** The targets, or the folders of sources, that were compiled most. */
  readonly places: readonly Tally[];
  readonly handedOn: readonly HandedOnTally[];
  /** Why results were not stored. */
  readonly notStored: readonly Tally[];
}
