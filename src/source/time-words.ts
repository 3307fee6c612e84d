/** Parts of every name of a time macro: `__TIME__`, `__TIMESTAMP__`, `__DATE__`. */
const PARTS = ['TIME', 'DATE'];
const BACKSLASH = 0x5c;
/** The trigraph of a backslash, where trigraphs are on. */
const BACKSLASH_TRIGRAPH = '??/';
/** Bytes that some compilers leave out of a word. */
const ZERO = '\0';

/**
 * False if a scan of this text would certainly find no time macro. This is a quick first look: a scan costs as much as
 * hundreds of them, and most sources name no time.
 */
export function mayNameTime(text: Buffer): boolean {
  const mayBeSplit = [BACKSLASH_TRIGRAPH, ZERO].some((mark) => text.includes(mark)) || splitsWord(text);
  return mayBeSplit || PARTS.some((part) => text.includes(part));
}

/** Whether a backslash, which may join two lines, stands directly behind a letter of these names. */
function splitsWord(text: Buffer): boolean {
  for (let at = text.indexOf(BACKSLASH); at >= 0; at = text.indexOf(BACKSLASH, at + 1)) {
    const before = text[at - 1];
    if (before !== undefined && isOfName(before)) return true;
  }
  return false;
}

function isOfName(byte: number): boolean {
  return byte === 0x5f || (byte >= 0x41 && byte <= 0x5a);
}
