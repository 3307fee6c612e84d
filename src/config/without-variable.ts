/** Runs `work` while this process has no such variable, so that a library which reads it does not see it. */
export async function withoutVariable<T>(name: string, work: () => Promise<T>): Promise<T> {
  const value = process.env[name];
  delete process.env[name];
  try {
    return await work();
  } finally {
    if (value !== undefined) process.env[name] = value;
  }
}
