/** PEM with the written line breaks behind it, which are no name of a file; or one word; or the name of a file. */
const ITEM = /-----BEGIN [^-]*-----[^-]*(?:-----END [^-]*-----(?:\\[rn])*)?|[^;\r\n]+/g;

/** True for a key, or something that was meant as one. Everything else is the name of a file. */
export function isKeyText(text: string): boolean {
  return /^(?:-----BEGIN |ed25519-(?:private|public):)/.test(text);
}

/**
 * The keys and names of files in the value of a variable, separated by `;` or line breaks. In PEM, a line break may be
 * written as `\n`, since some CI services keep variables in one line. As in a file of keys, `#` begins a comment.
 */
export function keysAndFiles(value: string): string[] {
  return [...value.matchAll(ITEM)]
    .map(([item]) => withLineBreaks(item.trim()))
    .filter((item) => item !== '' && !item.startsWith('#'));
}

/** A file that was put into one line ends with a written line break. In the name of a file, `\n` is none. */
function withLineBreaks(item: string): string {
  if (item.startsWith('-----BEGIN ')) return item.replaceAll('\\r', '').replaceAll('\\n', '\n');
  return isKeyText(item) ? item.replace(/(?:\\[rn])+$/, '') : item;
}
