import { reasonOf } from '../../diagnostics/errors.ts';
import { grouped } from '../../report/amounts.ts';
import { ArchiveError } from '../../storage/archive/archive-file.ts';
import { type ExportResult, exportEntries, type Since } from '../../storage/archive/export-entries.ts';
import { readSealing } from '../../storage/wire/read-sealing.ts';
import { maySend } from '../../storage/wire/sealing.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { quoted } from '../../util/one-line.ts';
import { absolutePath } from '../../util/paths.ts';
import { parseAge } from '../age.ts';
import type { CliContext, OwnLine } from '../context.ts';

/** What nobody signed is refused by all who trust only signers, and by this machine too. */
const UNSIGNED = 'CLCACHE_REMOTE_TRUST is set, and no CLCACHE_REMOTE_SIGN to sign with';

/**
 * `clcache --export FILE [--since TIME]`: writes entries to a file. An empty cache is no failure. A device, a pipe or a
 * folder is not replaced.
 */
export function exportToFile(context: CliContext, { value: file, modifiers }: OwnLine): number {
  const since = modifiers['--since'];
  const from = since === undefined ? undefined : parseSince(since, Date.now());
  if (from === undefined && since !== undefined) {
    context.stderr(`clcache: --since takes 90s, 30m, 2h, 3d, a date or 'last-build': ${quoted(since)}\n`);
    return 1;
  }
  const { cacheDirectory, style, workingDirectory } = context.config;
  const path = absolutePath(style, workingDirectory, file);
  const there = statIfThere(path);
  if (there !== undefined && !there.isFile()) {
    context.stderr(`clcache: '${file}' is not an ordinary file and was not replaced\n`);
    return 1;
  }
  const read = readSealing(context.config);
  if (read.kind === 'unusable' || !maySend(read.sealing)) {
    context.stderr(`clcache: nothing was exported: ${read.kind === 'unusable' ? read.because : UNSIGNED}\n`);
    return 1;
  }
  let result: ExportResult;
  try {
    result = exportEntries({
      cacheDirectory,
      file: path,
      ...(from !== undefined && { since: from }),
      sealing: read.sealing,
    });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    context.stderr(`clcache: '${file}' cannot be written: ${reasonOf(error.cause)}\n`);
    return 1;
  }
  const { artifacts, manifests, bytes } = result;
  context.stdout(
    `Exported ${grouped(artifacts)} entries and ${grouped(manifests)} manifests, ${grouped(bytes)} bytes\n`,
  );
  return 0;
}

/** The time that a text means, in milliseconds. Undefined if the text is not a time. */
export function parseSince(text: string, now: number): Since | undefined {
  if (text === 'last-build') return 'lastBuild';
  const age = parseAge(text);
  if (age !== undefined) return now - age;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
