import { PLACES } from './directives.ts';
import { DIGITS, type Gaps, LINE, NAMES, STICKY, STOPS } from './machine-parts.ts';
import type { Rows } from './rows.ts';

/**
 * Skips the names of conditions and definitions, and `#pragma once`. Stops at the end of the name of a header in a plain
 * include directive, and before every other directive.
 */
export function addDirectives(
  rows: Rows,
  places: ReadonlyMap<string, number>,
  { operand, start, hash }: Pick<Gaps, 'operand' | 'start'> & { readonly hash: number },
): void {
  const [plain, blank, defined] = [rows.add(), rows.add(), rows.add()];
  rows.always(plain, STOPS.directive);
  rows.on(plain, `${NAMES}${DIGITS}`, plain);
  rows.always(hash, STOPS.directive);
  rows.on(hash, ' \t', hash);
  rows.on(hash, NAMES, plain);
  rows.always(blank, STOPS.directive);
  rows.on(blank, ' \t', blank);
  rows.on(blank, `${NAMES}${DIGITS}`, defined);
  rows.like(defined, operand);
  rows.on(defined, `${STICKY}%`, STOPS.directive);
  rows.on(defined, `${NAMES}${DIGITS}`, defined);
  const ended = rows.add();
  rows.like(ended, operand);
  rows.on(ended, `${STICKY}%`, STOPS.directive);
  rows.on(ended, `${NAMES}${DIGITS}`, plain);
  const rowOf = new Map<string, number>([['', hash]]);
  for (const [name] of places) {
    for (let length = 1; length <= name.length; length++) {
      const part = name.slice(0, length);
      if (rowOf.has(part)) continue;
      const row = rows.add();
      rowOf.set(part, row);
      const place = places.get(part) ?? PLACES.text;
      rows.like(row, place === PLACES.text || place === PLACES.define ? plain : ended);
      if (place === PLACES.define) rows.on(row, ' \t', blank);
      rows.on(rowOf.get(part.slice(0, -1)) ?? hash, part.slice(-1), row);
    }
  }
  addHeaderName(rows, rowOf.get('include') ?? hash);
  addOnce(rows, rowOf.get('pragma') ?? hash, start);
}

function addHeaderName(rows: Rows, include: number): void {
  const blank = rows.add();
  rows.always(blank, STOPS.directive);
  for (const row of [include, blank]) rows.on(row, ' \t', blank);
  for (const [open, close] of [
    ['"', '"'],
    ['<', '>'],
  ] as const) {
    const name = rows.add();
    rows.always(name, name);
    rows.on(name, '\\#<\n\r\0', STOPS.directive);
    rows.on(name, close, STOPS.header);
    for (const row of [include, blank]) rows.on(row, open, name);
  }
}

/** Other words on the line of a pragma may matter. */
function addOnce(rows: Rows, pragma: number, start: number): void {
  let last = rows.add();
  rows.always(last, STOPS.directive);
  for (const row of [pragma, last]) rows.on(row, ' \t', last);
  for (const letter of 'once') {
    const next = rows.add();
    rows.always(next, STOPS.directive);
    rows.on(last, letter, next);
    last = next;
  }
  rows.on(last, '\n\r', LINE - start);
}
