import { withoutUserInfo } from '../util/redact.ts';

const MASK = '***';

/** Between the parts of a key, and so between the name of a variable and its value. No argument holds it. */
export const SEPARATOR = '\x7f';

/** A quick look, since most texts hold nothing like it: the replacement takes ten times as long. */
const SUSPICIOUS = /pass|pwd|secret|token|credential|[_-]?key|auth|:\/\/|[?&]token/i;
/**
 * What follows a name that speaks of a secret: `/DAPI_TOKEN=x`, `password: x`. The name may go on (`TOKEN_V2=`), but not as
 * in `author`. `PWD` alone is the working folder. A quoted value may have blanks.
 */
const SECRET =
  /((?:pass(?:word|wd|phrase)|passwd|(?<=\w)pwd|secret|token|credential|(?:api|private)[_-]?key|auth(?!or))\w*["'\\]*\s*[=:#\x7f]\s*)(?:\\?"[^"]*"?|\\?'[^']*'?|[^\s;,&\x7f]+)/gi;

/** The text without passwords in URLs and values of names that speak of secrets. */
export function withoutSecrets(text: string): string {
  return isSuspicious(text) ? withoutUserInfo(text).replace(SECRET, `$1${MASK}`) : text;
}

/** False if a text certainly holds no secret. */
export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/** True if something was left out of this text. */
export function isMasked(text: string): boolean {
  return text.includes(MASK);
}
