/**
 * Exit statuses on Windows have 32 bits: a crash is 0xC0000005. Bun cuts them to 8, both of the programs that it runs
 * and its own, so that a crash such as 0xC0000100 would become a success. Node is right by itself.
 */
export const CUTS_STATUSES = process.platform === 'win32' && process.versions['bun'] !== undefined;

const QUERY_LIMITED_INFORMATION = 0x1000;

/** Asks the system for the whole status of a process that was just started; undefined if it does not say. */
export type StatusWatch = (pid: number) => () => number | undefined;

/**
 * To be called before the process is started: it must be watched before its end is noticed. Undefined where the runtime
 * cannot call the system so: it brings a compiler of its own for that, which a build may lack, and which a policy may
 * forbid. Then the status is what the runtime makes of it.
 */
export async function openStatusWatch(): Promise<StatusWatch | undefined> {
  try {
    return await watchStatuses();
  } catch {
    return undefined;
  }
}

async function watchStatuses(): Promise<StatusWatch> {
  const { dlopen, ptr } = await import('bun:ffi');
  const { symbols } = dlopen('kernel32.dll', {
    OpenProcess: { args: ['u32', 'i32', 'u32'], returns: 'u64' },
    GetExitCodeProcess: { args: ['u64', 'ptr'], returns: 'i32' },
    CloseHandle: { args: ['u64'], returns: 'i32' },
  });
  return (pid) => {
    const handle = symbols['OpenProcess']?.(QUERY_LIMITED_INFORMATION, 0, pid) ?? 0n;
    return () => {
      if (!handle) return undefined;
      const status = new Uint32Array(1);
      const isKnown = Number(symbols['GetExitCodeProcess']?.(handle, ptr(status)) ?? 0) !== 0;
      symbols['CloseHandle']?.(handle);
      return isKnown ? status[0] : undefined;
    };
  };
}

/**
 * Ends this process with a status that the runtime would cut. Returns the status to end with for any other, and for one
 * whose last eight bits alone would say success where the system cannot be called.
 */
export async function endWithWholeStatus(status: number): Promise<number> {
  if (!CUTS_STATUSES || status <= 255) return status;
  try {
    const { dlopen } = await import('bun:ffi');
    const { symbols } = dlopen('kernel32.dll', { ExitProcess: { args: ['u32'], returns: 'void' } });
    symbols['ExitProcess']?.(status);
  } catch {
    // Whatever is left of the status has to do.
  }
  return status % 256 === 0 ? 1 : status;
}
