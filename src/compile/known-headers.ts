import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { openSealedJson, sealJson } from '../cache/sealed-json.ts';
import type { CompilerFamily } from '../commandline/compile-call.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { isSettled, signatureOf } from '../hash/hash-memory.ts';
import type { IncludeDirective, SourceScan } from '../source/scan.ts';
import type { PathWord } from '../source/words.ts';
import type { LearntFiles } from '../storage/local/learnt-files.ts';
import { isJsonObject, isParsable, stableStringify } from '../util/json.ts';

/** What a compile must know of a header: its digest, and the findings in its text. */
export interface KnownHeader {
  readonly digest: Digest;
  readonly scan: SourceScan;
}

/**
 * Headers that were read and scanned before, in this call or an earlier one. Without this memory, each miss of a build
 * would read and scan the same hundred headers, which takes longer than everything else that clcache adds to a compile.
 * There is one small file for each folder of headers, sealed JSON, written without locks (a lost update costs a scan):
 *
 *     {"format": 3, "headers": [["<name>", "<signature>", "<digest>", "<flags>", "<unsupported>", "<pieces>", "<include>", …], …]}
 *
 * Headers stand in the order in which they were learnt. Flags are the letters of `FLAGS` and `WORDS`. Pieces are
 * separated by blanks. An include is two letters of `KINDS` and `FORMS`, and the name.
 */
const FORMAT = 3;
/**
 * Raise this if `scanSource` finds something else in the same text. The findings of older programs then do not count.
 */
const SCANNER = '7';
/** A folder with more headers has mostly generated ones. The newest are kept. */
const MAXIMUM_HEADERS = 2000;
/** The largest file, in bytes. */
const MAXIMUM_SIZE = 16 * 1024 * 1024;

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

interface Folder {
  readonly headers: Map<string, KnownHeader & { readonly signature: string; readonly isSettled: boolean }>;
  hasNews: boolean;
}

export class KnownHeaders {
  readonly #folders = new Map<string, Folder>();
  readonly #files: Pick<LearntFiles, 'read' | 'keep'> | undefined;
  readonly #family: CompilerFamily;

  /**
   * Without `files` headers are remembered within this call only. `family` counts because compilers read headers
   * differently.
   */
  constructor(files: Pick<LearntFiles, 'read' | 'keep'> | undefined, family: CompilerFamily) {
    this.#files = files;
    this.#family = family;
  }

  /** What is known of a file with this status. */
  find(path: string, stat: Stats): KnownHeader | undefined {
    const known = this.#folderOf(path).headers.get(basename(path));
    return known?.signature === signatureOf(stat) ? known : undefined;
  }

  /** Remembers a file that was read when it had this status. */
  learn(path: string, stat: Stats, header: KnownHeader): void {
    const folder = this.#folderOf(path);
    const settled = isSettled(stat, Date.now());
    folder.headers.delete(basename(path));
    const { digest, scan } = header;
    const signature = signatureOf(stat);
    folder.headers.set(basename(path), { digest, scan, signature, isSettled: settled });
    folder.hasNews ||= settled;
  }

  /** Stores what was learnt for other calls. Throws what writing throws. */
  async save(): Promise<void> {
    for (const [path, folder] of this.#folders) {
      if (!folder.hasNews || !this.#files) continue;
      const text = encodeFolder(folder);
      if (Buffer.byteLength(text) > MAXIMUM_SIZE || !isParsable(text)) continue;
      await this.#files.keep(this.#nameOf(path), text);
      folder.hasNews = false;
    }
  }

  #folderOf(path: string): Folder {
    const name = dirname(path);
    let folder = this.#folders.get(name);
    if (!folder) {
      const text = this.#files?.read(this.#nameOf(name), MAXIMUM_SIZE);
      folder = { headers: text === undefined ? new Map() : decodeFolder(text), hasNews: false };
      this.#folders.set(name, folder);
    }
    return folder;
  }

  #nameOf(folder: string): string {
    return digestOfParts(['headers', SCANNER, this.#family, folder]);
  }
}

function encodeFolder({ headers }: Folder): string {
  const settled = Array.from(headers).filter(([, header]) => header.isSettled);
  const rows = settled.slice(-MAXIMUM_HEADERS).map(([name, { signature, digest, scan }]) => {
    const flags = [
      ...letters(FLAGS).filter((letter) => scan[FLAGS[letter]]),
      ...letters(WORDS).filter((letter) => scan.pathWords.includes(WORDS[letter])),
    ];
    const includes = scan.includes.map((include) => encodeInclude(include));
    return [
      name,
      signature,
      digest,
      flags.join(''),
      scan.unsupported ?? '',
      scan.pieces.join(' '),
      ...includes,
    ];
  });
  return sealJson(stableStringify({ format: FORMAT, headers: rows }));
}

function encodeInclude({ kind, form, name }: IncludeDirective): string {
  const [k] = letters(KINDS).filter((letter) => KINDS[letter] === kind);
  const [f] = letters(FORMS).filter((letter) => FORMS[letter] === form);
  return `${k}${f}${name}`;
}

function isListOfWords(row: unknown): row is readonly string[] {
  return Array.isArray(row) && row.every((word) => typeof word === 'string');
}

/** A file that does not verify counts as empty. */
function decodeFolder(text: string): Folder['headers'] {
  const headers: Folder['headers'] = new Map();
  const json = openSealedJson(text);
  if (!isJsonObject(json) || json['format'] !== FORMAT || !Array.isArray(json['headers'])) return headers;
  const rows: readonly unknown[] = json['headers'];
  for (const row of rows) {
    if (!isListOfWords(row)) continue;
    const [name = '', signature = '', digest, flags = '', unsupported, pieces = '', ...includes] = row;
    headers.set(name, {
      signature,
      isSettled: true,
      digest: digest as Digest,
      scan: {
        includes: includes.map(decodeInclude),
        computesInclude: flags.includes('c'),
        isVolatile: flags.includes('v'),
        hasTimeMacro: flags.includes('t'),
        pathWords: letters(WORDS)
          .filter((letter) => flags.includes(letter))
          .map((letter) => WORDS[letter]),
        unsupported: unsupported || undefined,
        pastes: flags.includes('p'),
        mayAssembleFiles: flags.includes('a'),
        repeatsText: flags.includes('r'),
        pieces: pieces === '' ? [] : pieces.split(' '),
      },
    });
  }
  return headers;
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
