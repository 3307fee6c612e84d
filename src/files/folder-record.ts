import type { Digest } from '../hash/digest.ts';
import { openSealed, sealJson } from '../hash/sealed-json.ts';
import type { IncludeDirective, SourceScan } from '../source/scan.ts';
import type { PathWord } from '../source/words.ts';
import { FORMATS } from '../util/formats.ts';
import { parseJson } from '../util/json.ts';

/** What was learnt of a file when it had this signature. */
export interface RecordedFile {
  readonly signature: string;
  readonly digest: Digest;
  /** The findings in its text. Missing if it was only hashed. */
  readonly scan?: SourceScan;
}

/**
 * What was learnt of the files in some folders is a small file of sealed JSON with a line for each file, so that a row is
 * read only when its file is asked for:
 *
 *     {"files":[
 *     ["<name>","<signature>","<digest>","<flags>","<unsupported>","<pieces>","<include>",…],
 *     …
 *     ],"format":<number>}
 *
 * Files stand in the order in which they were learnt. Without findings a row ends with the digest. Flags are the
 * letters of `FLAGS` and `WORDS`. Pieces are separated by blanks. An include is two letters of `KINDS` and `FORMS`, and
 * the name.
 */
const FIRST_LINE = '{"files":[\n';
const LAST_LINE = `\n],"format":${FORMATS.folderRecord}}`;
const BETWEEN = ',\n';

const FLAGS = {
  c: 'computesInclude',
  v: 'isVolatile',
  t: 'hasTimeMacro',
  p: 'pastes',
  a: 'mayAssembleFiles',
  r: 'repeatsText',
} as const satisfies Record<string, keyof SourceScan>;
const WORDS = { f: 'file', y: 'type', o: 'offload', s: 'stringised' } as const satisfies Record<
  string,
  PathWord
>;
const KINDS = { i: 'include', n: 'includeNext', h: 'hasInclude', H: 'hasIncludeNext' } as const;
const FORMS = { q: 'quote', a: 'angle' } as const;
/** Listed once: a miss writes thousands of rows. */
const FLAGGED = Object.entries(FLAGS);
const LETTERS = {
  words: letters(WORDS),
  kinds: letters(KINDS),
  forms: letters(FORMS),
};

/** The text of a record with these rows. The last file is the one that was learnt last. */
export function writeRows(rows: readonly string[]): string {
  return sealJson(`${FIRST_LINE}${rows.join(BETWEEN)}${LAST_LINE}`);
}

/** The rows of a record, by the names of files. A text that does not verify counts as empty. */
export function readRows(text: string | undefined): Map<string, string> {
  const rows = new Map<string, string>();
  const body = text === undefined ? undefined : openSealed(text);
  if (!body?.startsWith(FIRST_LINE) || !body.endsWith(LAST_LINE)) return rows;
  const lines = body.slice(FIRST_LINE.length, -LAST_LINE.length);
  for (const row of lines === '' ? [] : lines.split(BETWEEN)) rows.set(nameIn(row), row);
  return rows;
}

/** Most names have nothing that JSON writes differently, and parsing each row would take most of the time. */
function nameIn(row: string): string {
  const name = row.slice(2, row.indexOf('"', 2));
  if (!name.includes('\\')) return name;
  const words = parseJson(row);
  return isListOfWords(words) ? (words[0] ?? '') : '';
}

/** The row of a file. */
export function encodeRow(name: string, { signature, digest, scan }: RecordedFile): string {
  return JSON.stringify([name, signature, digest, ...(scan ? encodeScan(scan) : [])]);
}

function encodeScan(scan: SourceScan): string[] {
  let flags = '';
  for (const [letter, flag] of FLAGGED) if (scan[flag]) flags += letter;
  for (const letter of scan.pathWords.length > 0 ? LETTERS.words : []) {
    if (scan.pathWords.includes(WORDS[letter])) flags += letter;
  }
  const words = [flags, scan.unsupported ?? '', scan.pieces.join(' ')];
  for (const include of scan.includes) words.push(encodeInclude(include));
  return words;
}

function encodeInclude({ kind, form, name }: IncludeDirective): string {
  const k = LETTERS.kinds.find((letter) => KINDS[letter] === kind);
  const f = LETTERS.forms.find((letter) => FORMS[letter] === form);
  return `${k}${f}${name}`;
}

/** What the row of a file says. Undefined if there is none. */
export function decodeRow(row: string | undefined): RecordedFile | undefined {
  const words = row === undefined ? undefined : parseJson(row);
  if (!isListOfWords(words)) return undefined;
  const [, signature = '', digest, ...found] = words;
  return { signature, digest: digest as Digest, ...(found.length > 0 && { scan: decodeScan(found) }) };
}

function decodeScan([flags = '', unsupported, pieces = '', ...includes]: readonly string[]): SourceScan {
  return {
    includes: includes.map(decodeInclude),
    computesInclude: flags.includes('c'),
    isVolatile: flags.includes('v'),
    hasTimeMacro: flags.includes('t'),
    pathWords: LETTERS.words.filter((letter) => flags.includes(letter)).map((letter) => WORDS[letter]),
    unsupported: unsupported || undefined,
    pastes: flags.includes('p'),
    mayAssembleFiles: flags.includes('a'),
    repeatsText: flags.includes('r'),
    pieces: pieces === '' ? [] : pieces.split(' '),
  };
}

function isListOfWords(row: unknown): row is readonly string[] {
  return Array.isArray(row) && row.every((word) => typeof word === 'string');
}

function decodeInclude(text: string): IncludeDirective {
  return {
    kind: KINDS[text[0] as keyof typeof KINDS],
    form: FORMS[text[1] as keyof typeof FORMS],
    name: text.slice(2),
  };
}

function letters<Table extends object>(table: Table): (keyof Table & string)[] {
  return Object.keys(table) as (keyof Table & string)[];
}
