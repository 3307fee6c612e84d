/** Runs `work` while this process has none of these variables, so that a library which reads them does not see them. */
export async function whileUnset<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
  const values = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  try {
    return await work();
  } finally {
    for (const [name, value] of values) if (value !== undefined) process.env[name] = value;
  }
}
