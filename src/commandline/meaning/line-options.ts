/**
 * The options of a line, sorted once by what they do. A line of a large project has hundreds of search folders and macros,
 * and a hit asks some fifty questions about the few options besides. Each question looks only at the kinds that it is about.
 */
import type { EffectKind, EffectOf } from '../options/row.ts';
import type { InputItem, Item, OptionItem } from '../read/items.ts';

/** A line with its options and its inputs sorted out, both in order. */
export interface SortedLine {
  readonly items: readonly Item[];
  readonly options: LineOptions;
  readonly inputs: readonly InputItem[];
}

export function sortLine(items: readonly Item[]): SortedLine {
  const options = items.filter((item) => item.kind === 'option');
  const inputs = items.filter((item) => item.kind === 'input');
  return { items, options: new LineOptions(options), inputs };
}

export class LineOptions {
  /** All of them, in order. */
  readonly all: readonly OptionItem[];
  /** All but search folders and macros, whose names no question is about, in order. */
  readonly special: readonly OptionItem[];
  readonly #ofKind = new Map<EffectKind, OptionItem[]>();

  constructor(all: readonly OptionItem[]) {
    const special: OptionItem[] = [];
    for (const item of all) {
      const { kind } = item.row.effect;
      const same = this.#ofKind.get(kind);
      if (same) same.push(item);
      else this.#ofKind.set(kind, [item]);
      if (kind !== 'searchDirectory' && kind !== 'macro') special.push(item);
    }
    this.all = all;
    this.special = special;
  }

  /** Those whose effect is of this kind, in order. */
  of<Kind extends EffectKind>(kind: Kind): readonly OptionItem<EffectOf<Kind>>[] {
    return (this.#ofKind.get(kind) ?? []) as readonly OptionItem[] as readonly OptionItem<EffectOf<Kind>>[];
  }

  has(kind: EffectKind): boolean {
    return this.#ofKind.has(kind);
  }

  /** The last one of a kind, which often overrides the others. */
  last<Kind extends EffectKind>(kind: Kind): OptionItem<EffectOf<Kind>> | undefined {
    return this.of(kind).at(-1);
  }
}
