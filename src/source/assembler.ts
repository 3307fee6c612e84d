import { fileReadByAssembler } from './assembler-text.ts';
import { CLASS_OF, DIGIT, FOREIGN } from './characters.ts';

/**
 * Finds out which files assembler text reads. LLVM's assembler has two instructions that read a file, and macros, which
 * can compose any instruction from pieces (LLVM, `llvm/lib/MC/MCParser/AsmParser.cpp`; case does not count).
 */
const READING = ['incbin', 'include'];
const MACROS = ['macro', 'irp', 'irpc', 'altmacro'];
const INSTRUCTIONS = [...READING, ...MACROS];

/** The beginning of an instruction that reads, whose rest may come from elsewhere: `inc`, or only the dot. */
function isBeginning(word: string, of: readonly string[] = INSTRUCTIONS): boolean {
  return of.some((instruction) => word.length < instruction.length && instruction.startsWith(word));
}

/** Signs after which a word may continue: an operand, an alternative of a dialect, or a macro's argument. */
const GLUE = '%{|}\\';

interface Dot {
  readonly at: number;
  /** The letters after it, in small letters. */
  readonly word: string;
  readonly next: string | undefined;
}

/** The dots of a text that are not in a name. */
function* dotsOf(text: string): Generator<Dot> {
  for (let at = text.indexOf('.'); at >= 0; at = text.indexOf('.', at + 1)) {
    if (isWord(text[at - 1])) continue;
    let end = at + 1;
    while (isWord(text[end])) end++;
    yield { at, word: text.slice(at + 1, end).toLowerCase(), next: text[end] };
  }
}

/** Blanks, and the signs that separate statements or end labels and comments on some machine. */
const BEFORE_STATEMENT = ' \t\n\r\v\f;:{|/!@';

/** Whether a statement can begin at `at`, or a quoted name that is its first word. Other dots are full stops. */
function mayBegin(text: string, at: number): boolean {
  const before = text[at - 1];
  if (before === undefined) return true;
  if (before === '"') return text.slice(0, at).split('"').length % 2 === 0;
  return BEFORE_STATEMENT.includes(before);
}

/**
 * Whether assembler text in a source may read a file, before operands are put in: it has an instruction that reads one,
 * an instruction with letters from an operand or an alternative, or macros that compose words.
 */
export function assemblerReadsFile(text: string): boolean {
  if (fileReadByAssembler(text) !== undefined) return true;
  for (const { word, next } of dotsOf(text)) {
    if (isBeginning(word, READING) && next !== undefined && GLUE.includes(next)) return true;
  }
  return false;
}

/**
 * Whether a string of a source may be, or be a piece of, assembler text that reads a file. `isOpen` says that another
 * piece may follow it. Finds text that is complete in the string, and text that begins in it.
 */
export function mayBePieceOfReading(text: string, isOpen: boolean): boolean {
  for (const { at, word, next } of dotsOf(text)) {
    if (INSTRUCTIONS.includes(word)) return true;
    if (!isBeginning(word)) continue;
    if (next !== undefined && GLUE.includes(next)) return true;
    if (next === undefined && (word.length > 0 || (isOpen && mayBegin(text, at)))) return true;
  }
  return false;
}

function isWord(character: string | undefined): boolean {
  if (character === undefined) return false;
  return (CLASS_OF[character.charCodeAt(0)] ?? FOREIGN) <= DIGIT || '.$@'.includes(character);
}
