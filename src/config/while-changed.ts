interface Changed {
  /** What the variable was before. */
  readonly value: string | undefined;
  users: number;
}

/** Several may run at once, and the last one puts a variable back. */
const changed = new Map<string, Changed>();

/**
 * Runs `work` while variables of this process have these values, or are not set where the value is undefined: for
 * libraries that read them and take nothing else.
 */
export async function whileChanged<T>(
  variables: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  // All are read first: on Windows two spellings are one variable.
  const found = Object.keys(variables).map((name) => ({
    name,
    one: changed.get(name) ?? { value: process.env[name], users: 0 },
  }));
  for (const { name, one } of found) {
    changed.set(name, one);
    one.users += 1;
    set(name, variables[name]);
  }
  try {
    return await work();
  } finally {
    for (const { name, one } of found) {
      one.users -= 1;
      if (one.users > 0) continue;
      changed.delete(name);
      set(name, one.value);
    }
  }
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
