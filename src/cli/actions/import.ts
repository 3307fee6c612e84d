import { cleanIfFull, makeRoom } from '../../compile/clean-cache.ts';
import { reasonOf } from '../../diagnostics/errors.ts';
import { silent } from '../../diagnostics/trace.ts';
import { grouped } from '../../report/amounts.ts';
import { sizeAccounts } from '../../statistics/size-accounts.ts';
import { ArchiveError } from '../../storage/archive/archive-file.ts';
import { type ImportResult, importEntries } from '../../storage/archive/import-entries.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { LocalStore } from '../../storage/local/local-store.ts';
import { readSealing } from '../../storage/wire/read-sealing.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { absolutePath } from '../../util/paths.ts';
import type { CliContext, OwnLine } from '../context.ts';

/** `clcache --import FILE`: adds every entry that verifies. Fails if one of them does not. */
export async function importFromFile(context: CliContext, { value: file }: OwnLine): Promise<number> {
  const { cacheDirectory, lockTimeoutMs, style, workingDirectory } = context.config;
  const path = absolutePath(style, workingDirectory, file);
  const there = statIfThere(path);
  // The size of what a pipe will deliver is unknown.
  const isFile = there === undefined || there.isFile();
  const read = readSealing(context.config);
  if (read.kind === 'unusable') {
    context.stderr(`clcache: nothing was imported: ${read.because}\n`);
    return 1;
  }
  const accounts = sizeAccounts(layoutOf(cacheDirectory).statistics, lockTimeoutMs);
  const store = new LocalStore(context.config, accounts);
  const room = (bytes: number) => makeRoom(cacheDirectory, lockTimeoutMs, bytes);
  let result: ImportResult | undefined;
  try {
    result = isFile
      ? await importEntries({ store, file: path, sealing: read.sealing, makeRoom: room })
      : undefined;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    context.stderr(`clcache: '${file}' cannot be read: ${reasonOf(error.cause)}\n`);
    return 1;
  }
  if (result === undefined || result.end === 'noArchive') {
    context.stderr(`clcache: '${file}' is not an archive of clcache\n`);
    return 1;
  }
  const { artifacts, manifests, refused, tooLarge } = result;
  await cleanIfFull(cacheDirectory, lockTimeoutMs, silent);
  context.stdout(`Imported ${grouped(artifacts)} entries and ${grouped(manifests)} manifests\n`);
  if (refused > 0) context.stderr(`clcache: ${refused} entries did not verify and were left out\n`);
  if (tooLarge > 0)
    context.stderr(`clcache: ${tooLarge} entries are larger than the cache and were left out\n`);
  if (result.end === 'cutOff') context.stderr(`clcache: '${file}' was cut off\n`);
  return refused > 0 || tooLarge > 0 || result.end === 'cutOff' ? 1 : 0;
}
