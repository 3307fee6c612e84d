import { IS_BUN } from './bun.ts';
import type { FileTracker } from './file-tracking.ts';

/** The names of the library: on x64, x86 and Arm64, and in versions of Visual Studio before 2015. */
const LIBRARIES = ['FileTracker64.dll', 'FileTracker32.dll', 'FileTrackerA4.dll', 'FileTracker.dll'];

/** What Windows tells of the libraries in this process. Tests pass their own. */
export interface LoadedLibraries {
  /** A library that is in this process already. Undefined if it is not, and nothing is loaded. */
  find(name: string): number | undefined;
  /** A function without arguments that returns an HRESULT. Undefined if the library has none of that name. */
  functionOf(library: number, name: string): (() => number) | undefined;
}

/**
 * The library of MSBuild's Tracker in this process. Undefined if it is not there, if it lacks the functions, or if the
 * runtime cannot call it: Node.js has no means to, and Bun compiles code for that, which a policy may forbid.
 */
export async function fileTracker(): Promise<FileTracker | undefined> {
  if (process.platform !== 'win32' || !IS_BUN) return undefined;
  try {
    return trackerIn(await loadedLibraries());
  } catch {
    return undefined;
  }
}

/** As `fileTracker`, of the libraries that are given. */
export function trackerIn(libraries: LoadedLibraries): FileTracker | undefined {
  for (const name of LIBRARIES) {
    const library = libraries.find(name);
    if (library === undefined) continue;
    const suspend = libraries.functionOf(library, 'SuspendTracking');
    const resume = libraries.functionOf(library, 'ResumeTracking');
    if (suspend && resume) return { suspend: () => isSuccess(suspend()), resume: () => isSuccess(resume()) };
  }
  return undefined;
}

/** An HRESULT is a failure if its highest bit is set (`SUCCEEDED` in winerror.h). */
function isSuccess(result: number): boolean {
  return (result | 0) >= 0;
}

async function loadedLibraries(): Promise<LoadedLibraries> {
  const { CFunction, dlopen, ptr } = await import('bun:ffi');
  const { symbols } = dlopen('kernel32.dll', {
    GetModuleHandleW: { args: ['ptr'], returns: 'u64' },
    GetProcAddress: { args: ['u64', 'ptr'], returns: 'ptr' },
  });
  const found = (address: number | bigint | null | undefined) => Number(address ?? 0) || undefined;
  return {
    find: (name) => found(symbols['GetModuleHandleW']?.(ptr(Buffer.from(`${name}\0`, 'utf16le')))),
    functionOf(library, name) {
      const address = found(symbols['GetProcAddress']?.(library, ptr(Buffer.from(`${name}\0`, 'latin1'))));
      if (address === undefined) return undefined;
      const call = CFunction({ ptr: address, args: [], returns: 'i32' });
      return () => Number(call());
    },
  };
}
