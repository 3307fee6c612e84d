interface Hidden {
  readonly value: string | undefined;
  users: number;
}

/** Several may run at once, and the last one puts a variable back. */
const hidden = new Map<string, Hidden>();

/** Runs `work` while this process has none of these variables, so that a library which reads them does not see them. */
export async function whileUnset<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
  // All are read first: on Windows two spellings are one variable.
  const found = names.map((name) => hidden.get(name) ?? { value: process.env[name], users: 0 });
  for (const [index, one] of found.entries()) {
    const name = names[index] ?? '';
    hidden.set(name, one);
    one.users += 1;
    delete process.env[name];
  }
  try {
    return await work();
  } finally {
    for (const [index, one] of found.entries()) {
      const name = names[index] ?? '';
      one.users -= 1;
      if (one.users > 0) continue;
      hidden.delete(name);
      if (one.value !== undefined) process.env[name] = one.value;
    }
  }
}
