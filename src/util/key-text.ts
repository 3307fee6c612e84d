/** True for a key, or something that was meant as one. Everything else is the name of a file. */
export function isKeyText(text: string): boolean {
  return /^(?:-----BEGIN |ed25519-(?:private|public):)/.test(text);
}

/**
 * The keys and names of files in the value of a variable, separated by `;` or line breaks. In PEM, a line break may be
 * written as `\n`, since some CI services keep variables in one line. As in a file of keys, `#` begins a comment.
 */
export function keysAndFiles(value: string): string[] {
  return [...value.matchAll(/-----BEGIN [^-]*-----[^-]*(?:-----END [^-]*-----)?|[^;\r\n]+/g)]
    .map(([item]) => (item.startsWith('-----BEGIN ') ? item.replaceAll('\\n', '\n') : item.trim()))
    .filter((item) => item !== '' && !item.startsWith('#'));
}
