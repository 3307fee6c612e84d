/** Commands of a POSIX shell that make the files of a case. */
import { dateOf } from './placed.ts';

/** Where a tree is, and what its files are to be (`contentsOf`). */
export interface Files {
  readonly root: string;
  readonly contents: ReadonlyMap<string, string>;
  /** Files that are not touched get the times of their texts. */
  readonly isDated?: boolean;
}

/** A word of a command line, in quotes where it needs them. */
export function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Makes of the files `from` the files `to`, both below the same root. */
export function commandsFor(from: Files['contents'], to: Files, touched: readonly string[] = []): string[] {
  const commands: string[] = [];
  const place = (path: string) => quoted(path.startsWith('/') ? path : `${to.root}/${path}`);
  for (const path of from.keys()) if (!to.contents.has(path)) commands.push(`rm -f ${place(path)}`);
  const changed = [...to.contents].filter(
    ([path, what]) => from.get(path) !== what || touched.includes(path) || what.startsWith('h'),
  );
  for (const folder of new Set(changed.map(([path]) => parentOf(place(path)))))
    commands.push(`mkdir -p ${folder}`);
  for (const [path, what] of changed) {
    const file = place(path);
    // A link must not be written through.
    if (from.has(path)) commands.push(`rm -f ${file}`);
    const value = what.slice(1);
    if (what.startsWith('l')) commands.push(`ln -s ${quoted(value)} ${file}`);
    else if (what.startsWith('h')) commands.push(`ln ${place(value)} ${file}`);
    else commands.push(`printf '${escaped(value)}' >${file}`);
    if (to.isDated && what.startsWith('f') && !touched.includes(path)) {
      commands.push(`touch -d @${dateOf(what)} ${file}`);
    }
  }
  return commands;
}

/** Makes the files of one state those of the other: by renaming two folders, or one by one. */
export function editingCommands(
  from: Files['contents'],
  to: Files,
  swaps: readonly [string, string] | undefined,
): string[] {
  if (swaps === undefined) return commandsFor(from, to);
  const [one, other] = swaps.map((folder) => quoted(`${to.root}/${folder}`));
  return [`mv ${one} ${one}.x && mv ${other} ${one} && mv ${one}.x ${other}`];
}

function parentOf(path: string): string {
  const folder = path.replace(/\/[^/]*$/, '');
  return path.endsWith("'") && !folder.endsWith("'") ? `${folder}'` : folder;
}

/** A text as the format of printf, on one line. */
function escaped(text: string): string {
  const special = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  return [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      const known = ESCAPES[letter];
      return known ?? (byte < 0x20 || byte > 0x7e ? special(byte) : letter);
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '%': '%%',
  "'": "'\\''",
};
