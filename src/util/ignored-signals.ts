/**
 * Signals that this process was started to ignore, as `nohup`, a shell's background and `trap ''` do it. A compiler
 * inherits that from most programs, but not from Bun and Node.js, which give each program the system's defaults.
 */
import { IS_BUN } from '../runtime/bun.ts';
import { readTextIfThere } from './file-stat.ts';

/** Signals that a build may ignore, with their numbers on Linux. */
const SIGNALS = { HUP: 1, INT: 2, QUIT: 3, PIPE: 13, TERM: 15, XFSZ: 25 } as const;

type SignalName = keyof typeof SIGNALS;

let ignored: readonly SignalName[] | undefined;

/**
 * The ignored signals by their names in `trap`. Empty if the system does not say (Linux does). Call it for the first
 * time before anything listens to signals.
 *
 * Bun keeps all but `PIPE` and `XFSZ` unchanged. Node.js has reset everything before clcache starts, so that only the
 * parent process can be asked: about `HUP`, because shells ignore other signals only for themselves, and about `XFSZ`
 * if it does not ignore `PIPE` too, as runtimes do for themselves.
 */
export function ignoredSignals(): readonly SignalName[] {
  ignored ??= process.platform === 'linux' ? findIgnored() : [];
  return ignored;
}

/**
 * Makes ignored signals not end this process, whoever else listens. A file that becomes too large does not end it
 * either.
 */
export function keepIgnoring(): void {
  if (isKept || process.platform === 'win32') return;
  isKept = true;
  for (const name of new Set<SignalName>([...ignoredSignals(), 'XFSZ'])) process.on(`SIG${name}`, () => {});
}
let isKept = false;

function findIgnored(): SignalName[] {
  const parent = ignoredBy(process.ppid);
  const own = IS_BUN ? ignoredBy('self') : parent.filter((name) => name === 'HUP');
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
