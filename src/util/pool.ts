/**
 * Runs tasks with at most `limit` of them under way, started in order. Once `stop()` is true no further task starts;
 * those under way are waited for. The results stand in the order of the tasks, undefined for those that never started.
 * A task that rejects stops the rest as well, and the first such error is thrown after the others have ended.
 */
export async function runPool<T>(
  limit: number,
  tasks: readonly (() => Promise<T>)[],
  stop: () => boolean = () => false,
): Promise<(T | undefined)[]> {
  const results: (T | undefined)[] = new Array(tasks.length).fill(undefined);
  const failures: unknown[] = [];
  let next = 0;

  async function work(): Promise<void> {
    for (;;) {
      const index = next;
      const task = tasks[index];
      if (task === undefined || failures.length > 0 || stop()) return;
      next += 1;
      try {
        results[index] = await task();
      } catch (error) {
        failures.push(error);
      }
    }
  }

  const workers = Math.max(1, Math.min(Math.floor(limit) || 1, tasks.length));
  await Promise.all(Array.from({ length: workers }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
