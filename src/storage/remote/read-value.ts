import { type Remote, type RemoteKey, UnexpectedAnswerError, UnfitEntryError } from './remote.ts';

/** The answer to a request for an entry. Only with 'none' the store itself said that it has none. */
export type Found =
  | { readonly kind: 'found'; readonly body: Uint8Array }
  | { readonly kind: 'none' | 'unanswered' }
  | { readonly kind: 'rejected'; readonly because: string };

/** The value of a key, undefined if there is none, or the error that says why it cannot be an entry. */
export async function readValue(
  remote: Remote,
  key: RemoteKey,
  maximumSize: number,
): Promise<Uint8Array | UnfitEntryError | undefined> {
  const value: unknown = await remote.get(key, maximumSize).catch((error: unknown) => {
    if (error instanceof UnfitEntryError) return error;
    throw error;
  });
  const isAnswer = value === undefined || value instanceof Uint8Array || value instanceof UnfitEntryError;
  if (isAnswer) return value;
  throw new UnexpectedAnswerError('the answer holds no bytes');
}

/** What was requested, in the words of a user, to whom a key means nothing. */
export function withoutKeys(what: string): string {
  return what
    .replace(/ v\d+\/o\/\w+/, ' an artifact')
    .replace(/ v\d+\/p\/\w+/, ' a part of an artifact')
    .replace(/ v\d+\/m\/\w+/, ' a manifest');
}
