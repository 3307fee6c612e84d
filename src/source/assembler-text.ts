/**
 * Whether text for clang's assembler may read a file, by `.incbin` or `.include` in any case. Macros make directives
 * from pieces (`.inc\kind`), so a composed word counts unless its own letters rule it out.
 */

const DIRECTIVES = ['.incbin', '.include'];
/** Without these, no argument is replaced. */
const HAS_ARGUMENTS = /\.(?:macro|irpc?)\b/;
/** An argument of a macro: a name after `\`, or a digit after `$` in Apple's form. */
const ARGUMENT = /\\[\w.$]+|\$[\dn]/;
/** Replaces `\()`, which ends the name of an argument. */
const NAME_END = '§';

/** Why the text may read a file. Undefined if it cannot. */
export function fileReadByAssembler(text: string): string | undefined {
  const lower = text.replace(/\\\r?\n/g, '').toLowerCase();
  if (lower.includes('incbin')) return '.incbin of the assembler';
  if (lower.includes('.include')) return '.include of the assembler';
  if (!HAS_ARGUMENTS.test(lower)) return undefined;
  // In this mode the name of an argument needs no mark.
  if (lower.includes('.altmacro')) return '.altmacro of the assembler';
  const words = lower
    .replaceAll('\\()', NAME_END)
    .replace(/\\[@+]/g, '0')
    .split(/[^\w.$\\§]+/);
  const made = words.find(mayBecomeDirective);
  return (
    made && `${made.replaceAll(NAME_END, '\\()')}, of which a macro of the assembler may make a directive`
  );
}

/**
 * Whether arguments could turn the word into the name of a directive, or a part of it: its own letters must occur there
 * in the same order. A word that is only an argument is checked where the argument is written.
 */
function mayBecomeDirective(word: string): boolean {
  const pieces = word.split(new RegExp(`${ARGUMENT.source}|${NAME_END}`));
  const letters = pieces.filter((piece) => piece !== '');
  const count = Array.from(word.matchAll(new RegExp(ARGUMENT, 'g'))).length;
  if (count === 0 || (count === 1 && letters.length === 0)) return false;
  return DIRECTIVES.some((directive) => {
    let from = 0;
    for (const piece of letters) {
      const at = directive.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return true;
  });
}
