import { PLACES } from './directives.ts';
import { DIGITS, type Gaps, NAMES, STICKY, STOPS } from './machine-parts.ts';
import type { Rows } from './rows.ts';

/** Skips the names of conditions and definitions. The machine stops before every other directive. */
export function addDirectives(
  rows: Rows,
  places: ReadonlyMap<string, number>,
  { operand, hash }: Pick<Gaps, 'operand'> & { readonly hash: number },
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
}
