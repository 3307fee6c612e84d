/** Removes secrets from everything that is shown: log, statistics, messages. */

/** Stands for what is not shown. */
export const MASK = '***';
/** Shorter secrets would be found in ordinary words. */
const SHORTEST = 3;

/** Makes the function that replaces each of these secrets in a text, plain or percent-encoded. */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret !== undefined)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      encodeURI(secret),
      Buffer.from(secret).toString('base64'),
    ])
    .filter((spelling) => spelling.length >= SHORTEST);
  // The longest first, because a secret may be part of another one.
  const needles = [...new Set(spellings)].sort((left, right) => right.length - left.length);
  return (text) => needles.reduce((shown, needle) => shown.replaceAll(needle, MASK), withoutUserInfo(text));
}

/** What follows a scheme, up to the path's end. It begins at the `://`: a text may hold long words that are no scheme. */
const AFTER_SCHEME = /(?<=[a-z0-9+.-]):\/\/[^\s?#]*/gi;
const SECRET_NAME = '(?:tok|secret|passw|pwd|auth|key|signature|credential)';
/** What precedes the first such name holds none: else a long word of them would be tried from each of them. */
const SECRET_OPTION = new RegExp(`([?&](?:(?!${SECRET_NAME})[\\w-])*${SECRET_NAME}[\\w-]*=)[^&\\s;]*`, 'gi');

/**
 * Removes user, password, token and what is named like one from URLs, known secret or not. A password with a `/` that
 * should have been encoded reaches into what looks like the path.
 */
export function withoutUserInfo(text: string): string {
  return text.replace(AFTER_SCHEME, withoutUser).replace(SECRET_OPTION, `$1${MASK}`);
}

function withoutUser(afterScheme: string): string {
  const end = afterScheme.lastIndexOf('@');
  return end < 0 ? afterScheme : `://${MASK}${afterScheme.slice(end)}`;
}
