/**
 * Signals that this process was started to ignore, as `nohup`, a shell's background and `trap ''` have it. A compiler
 * inherits that from whoever starts it, but not from a runtime: Bun and Node.js give each program the system's defaults.
 */
import { readTextIfThere } from './file-stat.ts';

/** What a build may be told to ignore, with its number on Linux. */
const SIGNALS = { HUP: 1, INT: 2, QUIT: 3, PIPE: 13, TERM: 15, XFSZ: 25 } as const;

type SignalName = keyof typeof SIGNALS;

let ignored: readonly SignalName[] | undefined;

/**
 * Their names as `trap` has them; none where the system does not say (it is Linux that does). To be asked for the first
 * time before anything listens to signals.
 *
 * Bun keeps all but `PIPE` and `XFSZ` as they were. Node.js has forgotten everything when we begin, so that only what
 * started us can be asked: of `HUP`, since shells ignore other signals for themselves alone; and of `XFSZ` where it
 * does not ignore `PIPE` too, as runtimes do for themselves.
 */
export function ignoredSignals(): readonly SignalName[] {
  ignored ??= process.platform === 'linux' ? findIgnored() : [];
  return ignored;
}

/** Has what we were started to ignore not end us, whoever else listens; nor a file of ours that becomes too large. */
export function keepIgnoring(): void {
  if (isKept || process.platform === 'win32') return;
  isKept = true;
  for (const name of new Set<SignalName>([...ignoredSignals(), 'XFSZ'])) process.on(`SIG${name}`, () => {});
}
let isKept = false;

function findIgnored(): SignalName[] {
  const parent = ignoredBy(process.ppid);
  const own =
    process.versions['bun'] === undefined ? parent.filter((name) => name === 'HUP') : ignoredBy('self');
  const kept = own.filter((name) => name !== 'PIPE' && name !== 'XFSZ');
  return parent.includes('XFSZ') && !parent.includes('PIPE') ? [...kept, 'XFSZ'] : kept;
}

function ignoredBy(process: number | 'self'): SignalName[] {
  const status = readTextIfThere(`/proc/${process}/status`) ?? '';
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return Object.entries(SIGNALS).flatMap(([name, number]) =>
    (mask >> BigInt(number - 1)) & 1n ? [name as SignalName] : [],
  );
}
