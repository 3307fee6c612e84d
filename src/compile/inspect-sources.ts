import { readFileSync, statSync } from 'node:fs';
import type { CompileJob } from '../commandline/compile-call.ts';
import type { SplitOutput } from '../compiler/show-includes.ts';
import { type SourceScan, scanSource } from '../compiler/source-scan.ts';
import { type Digest, digestOfBytes } from '../hash/digest.ts';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { isNewerThan } from '../util/file-stat.ts';
import { absolute, type Session } from './session.ts';

export interface InspectedFile {
  /** Absolute. */
  readonly path: string;
  readonly digest: Digest;
  readonly scan: SourceScan;
}

/** The source and all headers of one compile, read once after it: for their digests and for what they say. */
export interface InspectedSources {
  readonly source: InspectedFile;
  /** Each header once, in order of first inclusion. */
  readonly headers: readonly InspectedFile[];
  /** Every inclusion, with its depth. */
  readonly inclusions: readonly { readonly path: string; readonly depth: number }[];
  readonly isVolatile: boolean;
  readonly hasTimeMacro: boolean;
  readonly unsupported: string | undefined;
  /** A file that was written while the compiler ran, or whose digest another job of this call knows differently. */
  readonly changed: string | undefined;
}

export function inspectSources(
  session: Session,
  job: CompileJob,
  { output, startedMs }: { readonly output: SplitOutput; readonly startedMs: number },
): InspectedSources {
  const inclusions = output.includes.map(({ path, depth }) => ({
    path: absolute(session, path),
    depth,
  }));
  const source = read(session, absolute(session, job.source), startedMs);
  const headers = new Map<string, Inspection>();
  for (const { path } of inclusions) {
    if (!headers.has(path)) headers.set(path, inspectHeader(session, path, startedMs));
  }
  const all = [source, ...headers.values()];
  return {
    source,
    headers: [...headers.values()],
    inclusions,
    isVolatile: all.some(({ scan }) => scan.isVolatile),
    hasTimeMacro: all.some(({ scan }) => scan.hasTimeMacro),
    unsupported: all.find(({ scan }) => scan.unsupported)?.scan.unsupported,
    changed: all.find(({ changed }) => changed)?.path,
  };
}

interface Inspection extends InspectedFile {
  readonly changed: boolean;
}

/** A header, which other sources include too: read and scanned only if no call has done so before. */
export function inspectHeader(session: Session, path: string, startedMs: number): Inspection {
  const stat = statSync(path);
  const known = session.headers.find(path, stat);
  const inspection = known
    ? { path, ...known, changed: isNewerThan(stat, startedMs) }
    : read(session, path, startedMs, stat);
  if (!known) session.headers.learn(path, stat, inspection);
  session.hasher.learn(path, inspection.digest, stat);
  return inspection;
}

function read(session: Session, path: string, startedMs: number, stat = statSync(path)): Inspection {
  const bytes = retryWhileBusy(() => readFileSync(path));
  const scan = scanSource(bytes, { importReadsTypeLibraries: session.record.family === 'cl' });
  return { path, digest: digestOfBytes(bytes), scan, changed: isNewerThan(stat, startedMs) };
}
