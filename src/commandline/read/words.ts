/** Reads the words of `/clang:` and `-Xclang` with their own tables. */
import type { CommandLineHost } from '../compile-call.ts';
import { DRIVER_WORDS, FRONTEND_WORDS } from '../options/clang-words.ts';
import { findSingle, isSeparable } from '../options/lookup.ts';
import type { OptionRow } from '../options/row.ts';
import { effectOfUnknown } from '../options/safe.ts';
import { buildTable, type OptionTable } from '../options/table.ts';
import type { Item, OptionItem, ParsedLine, WordItem, WordLevel } from './items.ts';

const SPELLED: Readonly<Record<WordLevel, string>> = { driver: '/clang:', frontend: '-Xclang ' };

let tables: Readonly<Record<WordLevel, OptionTable>> | undefined;

/**
 * Makes options from the words. The words of each level form a line of their own: `/clang:-MF /O2 /clang:a.d` is `-MF
 * a.d`. An option takes the place of its first word.
 */
export function readWords(items: readonly (Item | WordItem)[], host: CommandLineHost): ParsedLine {
  if (!items.some((item) => item.kind === 'word')) return { kind: 'parsed', items: items as readonly Item[] };
  const options = new Map<WordItem, OptionItem>();
  for (const level of ['driver', 'frontend'] as const) {
    const words = items.filter((item): item is WordItem => item.kind === 'word' && item.level === level);
    for (let at = 0; at < words.length; ) {
      const first = words[at] as WordItem;
      const second = words[at + 1];
      const match = first.word.startsWith('-') ? findSingle(tableOf(level), first.word) : undefined;
      const isBoth = match?.row.form === 'joinedAndSeparate';
      const isSplit = isBoth || (match?.rest === '' && isSeparable(match.row.form));
      if (isSplit && !second) return { kind: 'missingValue', option: first.tokens.join(' ') };
      const tokens = isSplit && second ? [...first.tokens, ...second.tokens] : first.tokens;
      const glued = match?.rest ?? '';
      const value = isSplit && second ? (isBoth ? `${glued} ${second.word}` : second.word) : glued;
      const row = match?.row ?? unknownWord(first, host);
      const name = SPELLED[level] + (match ? `-${match.row.name}` : first.word);
      options.set(first, { kind: 'option', row, value, name, tokens, level });
      at += isSplit ? 2 : 1;
    }
  }
  const read: Item[] = [];
  for (const item of items) {
    const option = item.kind === 'word' ? options.get(item) : item;
    if (option) read.push(option);
  }
  return { kind: 'parsed', items: read };
}

function tableOf(level: WordLevel): OptionTable {
  tables ??= { driver: buildTable(DRIVER_WORDS, 0), frontend: buildTable(FRONTEND_WORDS, 0) };
  return tables[level];
}

function unknownWord({ word, level }: WordItem, host: CommandLineHost): OptionRow {
  const spelled = (level === 'driver' ? '/clang:' : '-Xclang=') + word;
  return { name: word, prefix: '-', form: 'flag', effect: effectOfUnknown(spelled, host) };
}
