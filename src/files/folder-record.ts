import type { Digest } from '../hash/digest.ts';
import { openSealedJson, sealJson } from '../hash/sealed-json.ts';
import type { IncludeDirective, SourceScan } from '../source/scan.ts';
import type { PathWord } from '../source/words.ts';
import { FORMATS } from '../util/formats.ts';
import { isJsonObject } from '../util/json.ts';

/** What was learnt of a file when it had this signature. */
export interface RecordedFile {
  readonly signature: string;
  readonly digest: Digest;
  /** The findings in its text. Missing if it was only hashed. */
  readonly scan?: SourceScan;
}

/**
 * What was learnt of the files of one folder is a small file of sealed JSON:
 *
 *     {"format": <number>, "files": [["<name>", "<signature>", "<digest>", "<flags>", "<unsupported>", "<pieces>", "<include>", …], …]}
 *
 * Files stand in the order in which they were learnt. Without findings a row ends with the digest. Flags are the
 * letters of `FLAGS` and `WORDS`. Pieces are separated by blanks. An include is two letters of `KINDS` and `FORMS`, and
 * the name.
 */
const FORMAT = FORMATS.folderRecord;

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
const LETTERS = {
  flags: letters(FLAGS),
  words: letters(WORDS),
  kinds: letters(KINDS),
  forms: letters(FORMS),
};

/** The text of a record with these rows. The last file is the one that was learnt last. */
export function encodeFolderRecord(rows: readonly string[]): string {
  // Lists have no keys to be sorted, and there may be thousands of rows.
  return sealJson(`{"files":[${rows.join(',')}],"format":${FORMAT}}`);
}

/** The row of a file. */
export function encodeRow(name: string, { signature, digest, scan }: RecordedFile): string {
  return JSON.stringify([name, signature, digest, ...(scan ? encodeScan(scan) : [])]);
}

function encodeScan(scan: SourceScan): string[] {
  const flags = [
    ...LETTERS.flags.filter((letter) => scan[FLAGS[letter]]),
    ...LETTERS.words.filter((letter) => scan.pathWords.includes(WORDS[letter])),
  ];
  const includes = scan.includes.map((include) => encodeInclude(include));
  return [flags.join(''), scan.unsupported ?? '', scan.pieces.join(' '), ...includes];
}

function encodeInclude({ kind, form, name }: IncludeDirective): string {
  const k = LETTERS.kinds.find((letter) => KINDS[letter] === kind);
  const f = LETTERS.forms.find((letter) => FORMS[letter] === form);
  return `${k}${f}${name}`;
}

/** The files of a record, by name. A text that does not verify counts as empty. */
export function decodeFolderRecord(text: string): Map<string, RecordedFile> {
  const files = new Map<string, RecordedFile>();
  const json = openSealedJson(text);
  if (!isJsonObject(json) || json['format'] !== FORMAT || !Array.isArray(json['files'])) return files;
  const rows: readonly unknown[] = json['files'];
  for (const row of rows) {
    if (!isListOfWords(row)) continue;
    const [name = '', signature = '', digest, ...found] = row;
    const scan = found.length > 0 && { scan: decodeScan(found) };
    files.set(name, { signature, digest: digest as Digest, ...scan });
  }
  return files;
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
