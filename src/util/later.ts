/** A value that takes long to find, so that it is only looked for when it is needed. */
export interface Later<Value> {
  /** The value, if it is known by now. */
  readonly known: Value | undefined;
  /** Finds it, once for all who ask. Rejects if it cannot be found. */
  get(): Promise<Value>;
}

export function knownNow<Value>(value: Value): Later<Value> {
  return { known: value, get: async () => value };
}

export function foundLater<Value>(find: () => Promise<Value>): Later<Value> {
  let known: Value | undefined;
  let finding: Promise<Value> | undefined;
  return {
    get known() {
      return known;
    },
    get() {
      finding ??= find().then((value) => {
        known = value;
        return value;
      });
      return finding;
    },
  };
}
