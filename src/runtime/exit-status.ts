import { IS_BUN } from './bun.ts';

/**
 * Exit statuses on Windows have 32 bits: a crash is 0xC0000005. Bun cuts them to 8 bits, those of the programs that it
 * runs and its own, so that a crash such as 0xC0000100 would become a success. Node.js does not cut them.
 */
export const CUTS_STATUSES = process.platform === 'win32' && IS_BUN;

const QUERY_LIMITED_INFORMATION = 0x1000;

/** Asks the system for the whole status of a process that was just started. Undefined if the system does not say. */
export type StatusWatch = (pid: number) => () => number | undefined;

/**
 * Call it before the process is started, because the watch must begin before the process ends. Undefined if the runtime
 * cannot call the system: it compiles code for that, which a build may lack and a policy may forbid. Then the status is
 * what the runtime reports.
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
 * Ends this process with a status that the runtime would cut. Returns the status to end with for every other status,
 * and 1 if the system cannot be called and the last eight bits alone would mean success.
 */
export async function endWithWholeStatus(status: number): Promise<number> {
  if (!CUTS_STATUSES || status <= 255) return status;
  try {
    const { dlopen } = await import('bun:ffi');
    const { symbols } = dlopen('kernel32.dll', { ExitProcess: { args: ['u32'], returns: 'void' } });
    symbols['ExitProcess']?.(status);
  } catch {
    // The status that the runtime reports has to do.
  }
  return status % 256 === 0 ? 1 : status;
}
