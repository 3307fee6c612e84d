import { posix, win32 } from 'node:path';
import { digestOfContentsOf } from '../../hash/contents-digest.ts';
import { digestOfParts } from '../../hash/digest.ts';
import { foundLater, knownNow, type Later } from '../../util/later.ts';
import type { CompilerFile, CompilerRecord } from './compiler-record.ts';

export type CompilerCheck =
  | { readonly kind: 'mtime' }
  | { readonly kind: 'content' }
  | { readonly kind: 'string'; readonly value: string };

/** The compiler's part of a key, by the chosen check. */
export function compilerIdentity(record: CompilerRecord, check: CompilerCheck): string {
  switch (check.kind) {
    case 'mtime':
      return digestOfParts([
        'mtime',
        record.family,
        record.versionText + saidBesides(record),
        ...record.files.flatMap((file) => [nameOf(file), String(file.size), String(file.mtimeMs)]),
      ]);
    case 'content':
      return digestOfParts([
        'content',
        record.family,
        versionOf(record),
        ...record.files.flatMap((file) => [nameOf(file), file.digest ?? digestOfContentsOf(file.path) ?? '']),
      ]);
    case 'string':
      return digestOfParts(['string', record.family, check.value, record.namedTarget ?? '']);
  }
}

/** The compiler's part of a key, once `complete` has found the digests that the record lacks. */
export function identityLater(
  record: CompilerRecord,
  check: CompilerCheck,
  complete: (() => Promise<CompilerRecord>) | undefined,
): Later<string> {
  if (!complete) return knownNow(compilerIdentity(record, check));
  return foundLater(async () => compilerIdentity(await complete(), check));
}

/** The version without the lines that name its folder, which differs from machine to machine. */
function versionOf(record: CompilerRecord): string {
  const { versionText } = record;
  return versionText.replaceAll(/^(?:InstalledDir|Configuration file): .*\n?/gm, '') + saidBesides(record);
}

function saidBesides({ commandLine = '', namedTarget = '' }: CompilerRecord): string {
  return commandLine + namedTarget;
}

function nameOf({ path }: CompilerFile): string {
  return (path.includes('\\') ? win32 : posix).basename(path);
}
