/** The one place where secrets are taken out of what is shown: traces, statistics, messages of errors. */

const MASK = '***';
/** Shorter ones would be found in words that are none. */
const SHORTEST = 3;

/** Makes the function that replaces every one of these secrets, plain or percent-encoded, in a text. */
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
  // The longest first: a secret may be part of another.
  const needles = [...new Set(spellings)].sort((left, right) => right.length - left.length);
  return (text) => needles.reduce((shown, needle) => shown.replaceAll(needle, MASK), withoutUserInfo(text));
}

/**
 * Whoever is named before an `@` in a URL, and its token, is nobody's business, known secret or not. A password with a
 * `/` that should have been encoded reaches into what looks like the path.
 */
function withoutUserInfo(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s?#]*@/gi, `$1${MASK}@`)
    .replace(/([?&]token=)[^&\s;]*/gi, `$1${MASK}`);
}
