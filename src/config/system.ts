/** Questions to the operating system. `node:os` is loaded at the first question, which a hit does not ask. */

/** The user's home folder if no variable names it. Undefined if the system does not know it either. */
export function homeOfUser(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').homedir();
  } catch {
    return undefined;
  }
}

/** The name of this machine in its network. */
export function machineName(): string {
  return process.getBuiltinModule('node:os').hostname();
}

/** How many processors this process may use. */
export function processors(): number {
  return Math.max(1, process.getBuiltinModule('node:os').availableParallelism());
}

/** The number of the user who runs clcache. Windows has no such number: 0. */
export function userNumber(): number {
  return process.getuid?.() ?? 0;
}
