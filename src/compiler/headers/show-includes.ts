import { decodeName, isRawName } from '../../util/byte-name.ts';

/**
 * The notes of `/showIncludes`: prefix, at least one blank, one more for each level, path. The prefix comes from the
 * compiler's language file. A line counts only if it begins with the prefix that this compiler was seen to write and
 * its path names a file, so that a warning with two colons is not taken for a header.
 */
export interface IncludeNotes {
  readonly prefix: Buffer;
  /** The blanks before a path of depth 1: two in half of the languages of cl. */
  readonly firstIndent: number;
}

export interface ReportedInclude {
  /** As the compiler wrote it. Relative paths are relative to the working folder. */
  readonly path: string;
  /** 1 for a header that the source itself includes. */
  readonly depth: number;
}

export interface SplitOutput {
  readonly includes: readonly ReportedInclude[];
  /** Lines that look like notes but name no file. Then it is unknown what was included. */
  readonly strayNotes: number;
  /** The output without the notes. */
  readonly rest: Buffer;
}

/** clang-cl's notes are always English. */
export const ENGLISH_NOTES: IncludeNotes = { prefix: Buffer.from('Note: including file:'), firstIndent: 1 };

/**
 * The prefixes of the fourteen languages of cl, from `clui.dll` as listed in Bazel's ShowIncludesFilter and pull
 * request 7966. The number is the blanks before a path of depth 1. French has U+00A0 before its colons, and Italian has
 * no second colon: the Python clcache's pattern missed both and recorded no headers at all.
 */
const KNOWN_PREFIXES: readonly (readonly [text: string, firstIndent: number])[] = [
  ['注意: 包含檔案:', 1],
  ['Poznámka: Včetně souboru:', 1],
  ['Hinweis: Einlesen der Datei:', 1],
  ['Note: including file:', 1],
  ['Remarque\u00a0: inclusion du fichier\u00a0:', 2],
  ['Nota: file incluso', 2],
  ['メモ: インクルード ファイル:', 2],
  ['참고: 포함 파일:', 1],
  ['Uwaga: w tym pliku:', 2],
  ['Observação: incluindo arquivo:', 1],
  ['Примечание: включение файла:', 2],
  ['Not: eklenen dosya:', 2],
  ['注意: 包含文件:', 2],
  ['Nota: inclusión del archivo:', 1],
];

/** For a failed probe: the known translation with which one of the lines begins, in UTF-8. */
export function guessNotes(output: Buffer): IncludeNotes | undefined {
  for (const line of lines(output)) {
    for (const [text, firstIndent] of KNOWN_PREFIXES) {
      const prefix = Buffer.from(text);
      if (line.subarray(0, prefix.length).equals(prefix) && line[prefix.length] === BLANK)
        return { prefix, firstIndent };
    }
  }
  return undefined;
}

/**
 * Learns the prefix from the output of a compile that includes one file of a known name at depth 1: the text before the
 * path on its line is prefix and indent. Undefined if no line ends with that path.
 */
export function learnNotes(output: Buffer, headerName: string): IncludeNotes | undefined {
  for (const line of lines(output)) {
    const text = line.toString('latin1').trimEnd();
    if (!text.endsWith(headerName)) continue;
    // After the blanks comes the name itself, or a path from its drive letter or first slash on, which may contain
    // blanks.
    const path = /^(.*?\S)( +)(?:(?:[A-Za-z]:[\\/]|\\\\|\/|\.[\\/]).*)?$/.exec(
      text.slice(0, -headerName.length),
    );
    if (!path?.[1] || !path[2]) continue;
    return { prefix: Buffer.from(path[1], 'latin1'), firstIndent: path[2].length };
  }
  return undefined;
}

/** Splits an output into notes and the rest. `isFile` decides whether a line that looks like a note is one. */
export function splitIncludeNotes(
  output: Buffer,
  notes: IncludeNotes,
  isFile: (path: string) => boolean,
): SplitOutput {
  const includes: ReportedInclude[] = [];
  const rest: Buffer[] = [];
  let strayNotes = 0;
  for (const line of lines(output)) {
    const note = parseNote(line, notes);
    const path = note?.paths.find(isFile);
    if (note && path !== undefined) includes.push({ path, depth: note.depth });
    else rest.push(line);
    if (note && path === undefined) strayNotes++;
  }
  return { includes, strayNotes, rest: Buffer.concat(rest) };
}

const BLANK = 0x20;
const LINE_FEED = 0x0a;

function parseNote(
  line: Buffer,
  { prefix, firstIndent }: IncludeNotes,
): { readonly paths: readonly string[]; readonly depth: number } | undefined {
  if (line.length <= prefix.length || !line.subarray(0, prefix.length).equals(prefix)) return undefined;
  let start = prefix.length;
  while (line[start] === BLANK) start++;
  const indent = start - prefix.length;
  if (indent === 0) return undefined;
  const paths = decodePath(line.subarray(start));
  return paths[0] === '' ? undefined : { paths, depth: Math.max(1, indent - firstIndent + 1) };
}

/**
 * Paths of headers are the only part of an output that is decoded: as UTF-8, or as a name of raw bytes, or as the
 * common part of the ANSI code pages.
 */
function decodePath(bytes: Buffer): string[] {
  const name = decodeName(bytes);
  return isRawName(name) ? [name.trimEnd(), bytes.toString('latin1').trimEnd()] : [name.trimEnd()];
}

function* lines(output: Buffer): Generator<Buffer> {
  let start = 0;
  while (start < output.length) {
    const end = output.indexOf(LINE_FEED, start);
    const next = end < 0 ? output.length : end + 1;
    yield output.subarray(start, next);
    start = next;
  }
}
