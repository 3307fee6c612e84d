/** What only the operating system knows. `node:os` is loaded when it is asked for, which a hit does not do. */

/** The home folder of the user who runs us, where no variable names it; undefined if the system does not know either. */
export function homeOfUser(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').homedir();
  } catch {
    return undefined;
  }
}

/** How many processors this process may use. */
export function processors(): number {
  return Math.max(1, process.getBuiltinModule('node:os').availableParallelism());
}

/** The number of the user who runs us; 0 on Windows, which has none. */
export function userNumber(): number {
  return process.getuid?.() ?? 0;
}
