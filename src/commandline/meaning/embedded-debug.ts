/**
 * `/Z7` in place of `/Zi` and `/ZI`, as if the build had asked for it: debug information in the object instead of a
 * program database ("/Z7, /Zi, /ZI"). What belongs to the database alone goes as well.
 */
import type { CommandLineHost } from '../compile-call.ts';
import type { Item, WordItem } from '../read/items.ts';
import { type LinePart, partsOfLine } from '../read/parse.ts';

/** The options of which the last one decides where debug information goes. */
const FORMATS: ReadonlySet<string> = new Set(['Z7', 'Zd', 'Zi', 'ZI']);
const WITH_DATABASE: ReadonlySet<string> = new Set(['Zi', 'ZI']);
/**
 * The name of the database, who writes it ("/FS") and how fast ("/Zf"), and the minimal rebuild, which keeps its state
 * there and is not available with `/Z7` ("/Gm").
 */
const OF_DATABASE: ReadonlySet<string> = new Set(['Fd', 'Fd:', 'FS', 'Zf', 'Gm']);

/**
 * The line with `/Z7`. The same array if it makes no database: no such option, or a later `/Z7`. A line that links stays
 * as well, because `/Zi` there also means `/DEBUG` for the linker.
 */
export function withEmbeddedDebug(args: readonly string[], host: CommandLineHost): readonly string[] {
  const line = partsOfLine(args, host);
  if (line.kind === 'missingValue') return args;
  const items = line.parts.flatMap((part) => part.items);
  const last = items.findLast((item) => isOneOf(FORMATS, item));
  if (!last || !isOneOf(WITH_DATABASE, last)) return args;
  if (!items.some((item) => item.kind === 'option' && item.row.effect.kind === 'compileOnly')) return args;
  return line.parts.flatMap(wordsWithEmbedded);
}

/** Several options can be one word (`/Zip8`). What is left of such a word becomes a word for each option. */
function wordsWithEmbedded({ words, items }: LinePart): readonly string[] {
  const isOfDatabase = items.some((item) => isOneOf(WITH_DATABASE, item) || isOneOf(OF_DATABASE, item));
  if (!isOfDatabase) return words;
  return items.flatMap((item) => {
    if (isOneOf(WITH_DATABASE, item)) return '/Z7';
    if (item.kind !== 'option' || isOneOf(OF_DATABASE, item)) return [];
    return item.name + item.value;
  });
}

function isOneOf(names: ReadonlySet<string>, item: Item | WordItem): boolean {
  return item.kind === 'option' && item.level === 'line' && names.has(item.row.name);
}
