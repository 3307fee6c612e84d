import { digestOfParts } from '../hash/digest.ts';
import { withoutUserInfo } from '../util/redact.ts';

const MASK = '***';

/** Between the parts of a key, and so between the name of a variable and its value. No argument holds it. */
export const SEPARATOR = '\x7f';

/** A quick look, since most texts hold nothing like it: the replacement takes ten times as long. */
const SUSPICIOUS = /pass|pwd|secret|token|credential|[_-]?key|auth|:\/\/|[?&]token|[/-]D/i;
/** A name that speaks of a secret. It is not `author`, and `PWD` alone is the working folder. */
const NAME =
  '(?:pass(?:word|wd|phrase)|passwd|(?<=\\w)pwd|secret|token|credential|(?:api|private)[_-]?key|auth(?!or))';
/**
 * What follows such a name: `/DAPI_TOKEN=x`, `password: x`. The name may go on (`TOKEN_V2=`). A quoted value may have
 * blanks. Of a word only the first name is tried, and one with a hyphen: what follows the word is the same for all in it,
 * and a long word of names would be read once for each.
 */
const SECRET = new RegExp(
  String.raw`((?:(?<!\w)(?:(?!${NAME})\w)*${NAME}|(?:api|private)-key)\w*["'\\]*\s*[=:#\x7f]\s*)` +
    String.raw`(?:\\?"[^"]*"?|\\?'[^']*'?|[^\s;,&\x7f]+)`,
  'gi',
);

/** The beginning of an option that defines a macro, up to its value: `/DX=`, `-D "F(a)=`. */
const MACRO = String.raw`[/-]D["'\s]*[A-Za-z_$][\w$]*(?:\([^()\x7f]*\))?\s*[=#]`;
/** The value of a macro in a part of a key ends with the part. In a line it ends at a blank, or with its quotes. */
const MACRO_IN_PARTS = new RegExp(`(${MACRO})([^\\x7f]+)`, 'g');
const MACRO_IN_LINE = new RegExp(
  String.raw`((?<!=)"${MACRO})([^"]+)|(${MACRO})((?:\\?"[^"]*"?|'[^']*'?|[^\s"'])+)`,
  'g',
);
/** Values that are no secret: short numbers, and words for on and off. */
const PLAIN_VALUE = /^(?:[-+]?\d[\da-fxul.]{0,7}|true|false|on|off|yes|no)$/i;

/**
 * The text without passwords in URLs, values of names that speak of secrets, and values of macros. The name of a macro
 * need not speak of it (`/DAWS=…`), so only numbers are kept of them. Three digits of a digest show whether one changed.
 */
export function withoutSecrets(text: string): string {
  if (!isSuspicious(text)) return text;
  const named = withoutUserInfo(text).replace(SECRET, `$1${MASK}`);
  if (named.includes(SEPARATOR)) {
    return named.replace(MACRO_IN_PARTS, (_, name: string, value: string) => name + shown(value));
  }
  return named.replace(
    MACRO_IN_LINE,
    (_, quoted: string | undefined, inQuotes: string, name: string, value: string) =>
      quoted === undefined ? name + shown(value) : quoted + shown(inQuotes),
  );
}

function shown(value: string): string {
  if (PLAIN_VALUE.test(value) || value.startsWith(MASK)) return value;
  return `${MASK}${digestOfParts([value]).slice(0, 3)}`;
}

/** False if a text certainly holds no secret. */
export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/** True if something was left out of this text. */
export function isMasked(text: string): boolean {
  return text.includes(MASK);
}
