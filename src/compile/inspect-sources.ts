import { readFileSync, type Stats, statSync } from 'node:fs';
import type { CompileJob } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import type { SplitOutput } from '../compiler/show-includes.ts';
import { type Digest, digestOfBytes } from '../hash/digest.ts';
import { hasSameSignature } from '../hash/hash-memory.ts';
import { Findings } from '../source/findings.ts';
import { type SourceScan, scanSource } from '../source/scan.ts';
import { type TextsTogether, together } from '../source/together.ts';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import type { FileClock } from './file-clock.ts';
import { definitionsOf, scanOptions } from './scan-options.ts';
import { absolute, type Session } from './session.ts';

export interface InspectedFile {
  /** Absolute. */
  readonly path: string;
  readonly digest: Digest;
  readonly scan: SourceScan;
  /** The status it had when it was read. */
  readonly stat: Stats;
}

/** The source and all headers of one compile, as they are after it: their digests and what they say. */
export interface InspectedSources {
  readonly source: InspectedFile;
  /** Each header once, in order of first inclusion. */
  readonly headers: readonly InspectedFile[];
  /** Every inclusion, with its depth. */
  readonly inclusions: readonly { readonly path: string; readonly depth: number }[];
  /** What they and the macros of the command line say together. */
  readonly together: TextsTogether;
  /** A file that was written while the compiler ran. */
  readonly changed: string | undefined;
}

/** `earlier` has what was inspected while the compiler ran; that holds for files that are as they were then. */
export function inspectSources(
  session: Session,
  job: CompileJob,
  { output, clock }: { readonly output: SplitOutput; readonly clock: FileClock },
  earlier: ReadonlyMap<string, InspectedFile>,
): InspectedSources {
  const inclusions = output.includes.map(({ path, depth }) => ({
    path: absolute(session, path),
    depth,
  }));
  const source = inspectSource(session, job);
  const headers = new Map<string, InspectedFile>();
  for (const { path } of inclusions) {
    if (!headers.has(path))
      headers.set(path, inspectHeader(session, path, statSync(systemName(path)), earlier.get(path)));
  }
  const all = [source, ...headers.values()];
  return {
    source,
    headers: [...headers.values()],
    inclusions,
    together: together([...all.map(({ scan }) => scan), definitionsOf(session)]),
    changed: all.find(({ stat }) => clock.isChangedSince(stat))?.path,
  };
}

/**
 * A header that has this status now or had it a moment ago; other sources include it too, so it is read and scanned only
 * if no call has done so before, and `earlier` does not say it.
 */
export function inspectHeader(
  session: Session,
  path: string,
  stat: Stats,
  earlier?: InspectedFile,
): InspectedFile {
  if (earlier && hasSameSignature(earlier.stat, stat)) return earlier;
  if (!stat.isFile()) return unread(path, stat);
  const known = session.headers.find(path, stat);
  const inspected = known
    ? { path, digest: known.digest, scan: known.scan, stat }
    : read(session, path, stat);
  if (!known) session.headers.learn(path, stat, inspected);
  session.hasher.learn(path, inspected.digest, stat);
  return inspected;
}

function inspectSource(session: Session, job: CompileJob): InspectedFile {
  const source = read(session, absolute(session, job.source));
  const { notes, hasText, isAssembled } = LANGUAGES[job.language];
  // What looks like a directive of the preprocessor is a comment to the assembler.
  if (notes === 'none') return { ...source, scan: nothingSaid() };
  if (hasText || isAssembled) return source;
  const { scan } = source;
  const asksForMore = scan.includes.length > 0 || scan.computesInclude || scan.isVolatile;
  const unsupported = scan.unsupported ?? (asksForMore ? 'a preprocessed source asks for more' : undefined);
  return { ...source, scan: { ...scan, unsupported } };
}

function nothingSaid(): SourceScan {
  return new Findings().found();
}

/** A pipe or a device, which the compiler may be reading just now, and which may have no end. */
function unread(path: string, stat: Stats): InspectedFile {
  const scan = { ...nothingSaid(), unsupported: `${path} is no ordinary file` };
  return { path, digest: digestOfBytes(new Uint8Array()), scan, stat };
}

function read(session: Session, path: string, stat = statSync(systemName(path))): InspectedFile {
  if (!stat.isFile()) return unread(path, stat);
  const bytes = retryWhileBusy(() => readFileSync(systemName(path)));
  const scan = scanSource(bytes, scanOptions(session));
  return { path, digest: digestOfBytes(bytes), scan, stat };
}
