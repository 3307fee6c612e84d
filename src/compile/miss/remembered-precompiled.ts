/**
 * What precompiled headers of cl were made from. Such a `.pch` does not say it, cl does not check it, and who uses it does
 * not list it. So a compile that makes one leaves a record in the cache folder, under the contents of the `.pch`: the
 * files that it read, with the digests of their contents. Without a record, nobody knows what is in a `.pch` (`__TIME__`).
 */
import type { WrittenFile } from '../../compiler/precompiled/made-from.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { isJsonObject } from '../../util/json.ts';
import type { Session } from '../session.ts';
import type { InspectedSources } from './inspect-sources.ts';

/** The files that the precompiled header of a call was made from, or why they do not tell whether it is valid. */
export type PrecompiledFiles =
  | {
      readonly kind: 'files';
      readonly files: readonly WrittenFile[];
      /** The macros of the call that made it. Undefined if they are of no matter to its users. */
      readonly definitions?: readonly string[];
    }
  | { readonly kind: 'unclear'; readonly because: string };

type RecordSession = Pick<Session, 'request' | 'compiler' | 'files'>;

/**
 * The files of a `.pch` as its record names them, if all of them have the contents that they had. Their times do not count.
 */
export function rememberedFiles({ compiler, files }: RecordSession, path: string): PrecompiledFiles {
  const digest = files.memory.digest(path);
  const { known: identity } = compiler.identity;
  const record =
    digest && identity !== undefined ? compiler.answers.read(nameOf(identity, digest)) : undefined;
  if (!isJsonObject(record)) {
    return { kind: 'unclear', because: `it is not known what ${path} was made from` };
  }
  const changed = Object.entries(record).find(([file, contents]) => files.memory.digest(file) !== contents);
  if (changed) return { kind: 'unclear', because: `${changed[0]} is not as it was for ${path}` };
  return {
    kind: 'files',
    files: Object.keys(record).map((file) => ({ path: file, size: 0, modified: 0 })),
  };
}

/**
 * Leaves a record of the precompiled header that was just made, or used: a record that nobody writes for a month is
 * removed. Never rejects.
 */
export async function rememberFiles(
  { request, compiler, files }: RecordSession,
  { source, headers }: InspectedSources,
  within: readonly WrittenFile[],
): Promise<void> {
  const { precompiled } = request.call;
  const digest = precompiled && files.memory.digest(precompiled.path);
  if (!digest) return;
  // A macro of the line that pastes may make the time of what its users give it, and the record does not hold it.
  if (request.call.definitions.some((text) => /##|%:%:|__(?:TIME|DATE|TIMESTAMP)__/.test(text))) return;
  const made = new Set(within.map(({ path }) => path));
  const all =
    precompiled.work === 'made' ? [source, ...headers] : headers.filter(({ path }) => made.has(path));
  const record = Object.fromEntries(all.map((file) => [file.path, file.digest]));
  await compiler.answers.keep(nameOf(await compiler.identity.get(), digest), record);
}

function nameOf(identity: string, digest: Digest): string {
  return digestOfParts(['precompiled header', identity, digest]);
}
