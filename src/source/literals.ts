/** The contents of a string literal of C, one character for each byte. */

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
};

/**
 * The contents of a string from its spelling, with prefix and quotes. Undefined if a name means a letter (`\N{FULL
 * STOP}`), which only the compiler knows.
 */
export function textOfString(spelled: string, isRaw: boolean): string | undefined {
  const quote = spelled.indexOf('"');
  if (isRaw) return spelled.slice(spelled.indexOf('(') + 1, spelled.lastIndexOf(')'));
  const body = spelled.slice(quote + 1, spelled.endsWith('"') ? -1 : undefined);
  if (!body.includes('\\')) return body;
  let text = '';
  for (let at = 0; at < body.length; ) {
    if (body[at] !== '\\') {
      text += body[at++];
      continue;
    }
    const found = escapeAt(body, at + 1);
    if (!found) return undefined;
    text += found.text;
    at = found.end;
  }
  return text;
}

interface Escape {
  readonly text: string;
  readonly end: number;
}

function escapeAt(body: string, at: number): Escape | undefined {
  const letter = body[at] ?? '';
  if (letter === 'N') return undefined;
  if (letter in SIMPLE) return { text: SIMPLE[letter] ?? '', end: at + 1 };
  if (letter >= '0' && letter <= '7') return numeric(body, at, { base: 8, most: 3 });
  const isOpen = body[at + 1] === '{';
  const from = at + (isOpen ? 2 : 1);
  switch (letter) {
    case 'x':
      return numeric(body, from, { base: 16, isOpen });
    case 'o':
      return numeric(body, from, { base: 8, isOpen });
    case 'u':
      return numeric(body, from, { base: 16, most: isOpen ? 8 : 4, isOpen });
    case 'U':
      return numeric(body, from, { base: 16, most: 8 });
    default:
      return { text: letter, end: at + 1 };
  }
}

/** Digits from `at` on, and the closing brace. A value outside ASCII does not matter, and becomes one character. */
interface Digits {
  readonly base: 8 | 16;
  /** How many there may be. */
  readonly most?: number;
  /** Between braces. */
  readonly isOpen?: boolean;
}

function numeric(
  body: string,
  at: number,
  { base, most = Number.POSITIVE_INFINITY, isOpen = false }: Digits,
): Escape {
  let value = 0;
  let end = at;
  while (end - at < most) {
    const digit = Number.parseInt(body[end] ?? '', base);
    if (Number.isNaN(digit)) break;
    value = value * base + digit;
    end++;
  }
  if (isOpen && body[end] === '}') end++;
  return { text: value < 0x80 ? String.fromCharCode(value) : '\x80', end };
}
