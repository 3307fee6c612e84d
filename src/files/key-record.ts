import type { Digest } from '../hash/digest.ts';
import { FORMATS } from '../util/formats.ts';
import { readOwnTextIfThere } from '../util/own-file.ts';
import { inFolder } from '../util/paths.ts';

/**
 * What was learnt of the files of one manifest key, so that the next call need not read them: a small file beside the
 * manifest. One line for each fact, tab-separated, after a first line with the format:
 *
 *     clcache hashes <number of the format>
 *     p <folder>                             where the files of the next lines are, with the separator behind it
 *     f <name> <signature> <digest>          a file with this signature had this content
 *     d <folder> <signature> <name>…         in a folder with this signature there were none of these names
 *     s <folder> <signature> <id>            in a folder with this signature the searches with this id found nothing
 *
 * Written without locks, because a lost update costs only a hash. A file that does not parse counts as empty.
 */
const FIRST_LINE = `clcache hashes ${FORMATS.keyRecord}`;

/** The largest file in bytes, and the most words in it: each word takes a hundred bytes of memory. */
const MAXIMUM_SIZE = 16 * 1024 * 1024;
const MAXIMUM_WORDS = 500_000;

export interface KeyRecord {
  readonly files: ReadonlyMap<string, RememberedFile>;
  readonly folders: ReadonlyMap<string, RememberedFolder>;
  readonly searched: ReadonlyMap<string, SearchedFolder>;
}

/** A folder in which the searches of a manifest entry find nothing that they should not. */
export interface SearchedFolder {
  readonly id: Digest;
  readonly signature: string;
}

export interface RememberedFile {
  readonly signature: string;
  readonly digest: Digest;
}

export interface RememberedFolder {
  readonly signature: string;
  readonly absentNames: ReadonlySet<string>;
}

/** Reads what was learnt. Empty if there is no such file or it does not parse. */
export function readKeyRecord(file: string): KeyRecord {
  const files = new Map<string, RememberedFile>();
  const folders = new Map<string, RememberedFolder>();
  const searched = new Map<string, SearchedFolder>();
  const text = readOwnTextIfThere(file, MAXIMUM_SIZE) ?? '';
  const lines = hasTooMany(text) ? [] : text.split('\n');
  // The last line is empty if the file was written completely.
  if (lines[0] !== FIRST_LINE || lines.pop() !== '') return { files, folders, searched };
  let folder = '';
  for (const line of lines) {
    // A pattern with a rest would take twice the time of a thousand lines.
    const fields = line.split('\t');
    const kind = fields[0];
    const path = fields[1];
    const signature = fields[2];
    const word = fields[3];
    if (kind === 'p') folder = path ?? '';
    if (path === undefined || signature === undefined) continue;
    if (kind === 'f' && word?.length === 40) {
      files.set(folder + path, { signature, digest: word as Digest });
    }
    if (kind === 'd') folders.set(path, { signature, absentNames: new Set(fields.slice(3)) });
    if (kind === 's') searched.set(path, { signature, id: word as Digest });
  }
  return { files, folders, searched };
}

/**
 * The text for `readKeyRecord`. Undefined if it would be larger than the reader accepts. Paths with a tab or a line
 * feed are left out.
 */
export function encodeKeyRecord(memory: KeyRecord): string | undefined {
  const lines = [FIRST_LINE];
  const isPlain = (path: string) => !path.includes('\t') && !path.includes('\n');
  const inFolders = new Map<string, string[]>();
  for (const [path, { signature, digest }] of memory.files) {
    if (!isPlain(path)) continue;
    const { folder, name } = inFolder(path);
    const line = `f\t${name}\t${signature}\t${digest}`;
    const known = inFolders.get(folder);
    if (known) known.push(line);
    else inFolders.set(folder, [`p\t${folder}`, line]);
  }
  for (const those of inFolders.values()) lines.push(...those);
  for (const [path, { signature, absentNames }] of memory.folders) {
    if (isPlain(path))
      lines.push(['d', path, signature, ...Array.from(absentNames).filter(isPlain)].join('\t'));
  }
  for (const [path, { signature, id }] of memory.searched) {
    if (isPlain(path)) lines.push(`s\t${path}\t${signature}\t${id}`);
  }
  const text = `${lines.join('\n')}\n`;
  return Buffer.byteLength(text) > MAXIMUM_SIZE || hasTooMany(text) ? undefined : text;
}

function hasTooMany(text: string): boolean {
  if (text.length <= MAXIMUM_WORDS) return false;
  let words = 0;
  for (let at = 0; at < text.length && words <= MAXIMUM_WORDS; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x09 || code === 0x0a) words += 1;
  }
  return words > MAXIMUM_WORDS;
}
