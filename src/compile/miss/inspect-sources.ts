import { readFileSync, type Stats, statSync } from 'node:fs';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import type { SplitOutput } from '../../compiler/headers/show-includes.ts';
import type { FileClock } from '../../files/file-clock.ts';
import { hasSameSignature } from '../../files/signature.ts';
import { type Digest, digestOfBytes } from '../../hash/digest.ts';
import { Findings } from '../../source/findings.ts';
import { type SourceScan, scanDefinitions, scanSource } from '../../source/scan.ts';
import { type TextsTogether, together } from '../../source/together.ts';
import { retryWhileBusy } from '../../util/busy-retry.ts';
import { systemName } from '../../util/byte-name.ts';
import type { Session } from '../session.ts';
import { definitionsOf, scanOptions } from './scan-options.ts';

export interface InspectedFile {
  /** An absolute path. */
  readonly path: string;
  readonly digest: Digest;
  readonly scan: SourceScan;
  /** The status of the file when it was read. */
  readonly stat: Stats;
}

/** The source and all headers of one compile, as they are after it: their digests and the findings in their texts. */
export interface InspectedSources {
  readonly source: InspectedFile;
  /** Each header once, in the order of the first inclusion, then those of a precompiled one. */
  readonly headers: readonly InspectedFile[];
  /** Every inclusion with its depth. */
  readonly inclusions: readonly { readonly path: string; readonly depth: number }[];
  /** The findings in all texts and in the macros of the command line together. */
  readonly together: TextsTogether;
  /** A file that was written while the compiler ran. */
  readonly changed: string | undefined;
}

/** What is known of a compile when its sources are inspected. */
interface InspectedCompile {
  readonly output: Pick<SplitOutput, 'includes'>;
  readonly clock: FileClock;
  /** What a precompiled header was made from, which no note and no option of its user names. */
  readonly precompiled?: {
    readonly files: readonly Pick<InspectedFile, 'path'>[];
    readonly definitions?: readonly string[];
  };
  /** What was inspected while the compiler ran. It counts for files that have not changed since. */
  readonly earlier?: ReadonlyMap<string, InspectedFile>;
}

const NOT_PRECOMPILED = { files: [] };

/** The source and the headers of a compile as they are when the compiler has ended. */
export function inspectSources(
  session: Omit<Session, 'store' | 'log'>,
  job: CompileJob,
  { output, clock, precompiled = NOT_PRECOMPILED, earlier }: InspectedCompile,
): InspectedSources {
  const inclusions = output.includes.map(({ path, depth }) => ({
    path: session.tree.absolute(path),
    depth,
  }));
  const source = inspectSource(session, job, earlier?.get(session.tree.absolute(job.source)));
  const headers = new Map<string, InspectedFile>();
  for (const { path } of [...inclusions, ...precompiled.files]) {
    if (headers.has(path) || path === source.path) continue;
    const header = { path, stat: statSync(systemName(path)) };
    headers.set(path, inspectHeader(session, header, earlier?.get(path)));
  }
  const all = [source, ...headers.values()];
  return {
    source,
    headers: [...headers.values()],
    inclusions,
    together: together([
      ...all.map(({ scan }) => scan),
      definitionsOf(session),
      scanDefinitions(precompiled.definitions ?? [], scanOptions(session)),
    ]),
    changed: all.find(({ stat }) => clock.isChangedSince(stat))?.path,
  };
}

/**
 * Inspects a header with this status. Other sources include it too, so it is read and scanned only if neither an
 * earlier call nor `earlier` knows it.
 */
export function inspectHeader(
  session: Pick<Session, 'compiler' | 'files'>,
  { path, stat }: Pick<InspectedFile, 'path' | 'stat'>,
  earlier?: InspectedFile,
): InspectedFile {
  if (earlier && hasSameSignature(earlier.stat, stat)) return earlier;
  if (!stat.isFile()) return unread(path, stat);
  const { memory } = session.files;
  const known = memory.header(path, stat);
  if (known) return { path, digest: known.digest, scan: known.scan, stat };
  const bytes = contentsOf(path);
  const digest = digestOfBytes(bytes);
  const scan = memory.scanOf(path, digest) ?? scanSource(bytes, scanOptions(session));
  memory.learn(path, stat, { digest, scan });
  return { path, digest, scan, stat };
}

/** Inspects the source of a job, which is read and scanned in each call, once. */
export function inspectSource(
  session: Pick<Session, 'compiler' | 'tree'>,
  job: CompileJob,
  earlier?: InspectedFile,
): InspectedFile {
  const path = session.tree.absolute(job.source);
  if (earlier && hasSameSignature(earlier.stat, statSync(systemName(path)))) return earlier;
  const source = readSource(session, path);
  const { notes, hasText, isAssembled } = LANGUAGES[job.language];
  // For the assembler, a line that looks like a directive of the preprocessor is a comment.
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

/** A pipe or a device: the compiler may be reading it, and it may have no end. */
function unread(path: string, stat: Stats): InspectedFile {
  const scan = { ...nothingSaid(), unsupported: `${path} is not an ordinary file` };
  return { path, digest: digestOfBytes(new Uint8Array()), scan, stat };
}

function readSource(session: Pick<Session, 'compiler'>, path: string): InspectedFile {
  const stat = statSync(systemName(path));
  if (!stat.isFile()) return unread(path, stat);
  const bytes = contentsOf(path);
  return { path, digest: digestOfBytes(bytes), scan: scanSource(bytes, scanOptions(session)), stat };
}

function contentsOf(path: string): Buffer {
  return retryWhileBusy(() => readFileSync(systemName(path)));
}
