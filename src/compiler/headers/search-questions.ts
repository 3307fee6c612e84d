import type { SearchStep } from '../../files/searches.ts';
import type { IncludeDirective, SourceScan } from '../../source/scan.ts';
import type { SearchOrders } from './search-order.ts';
import type { OrderedPlace, SearchPlaces } from './search-places.ts';

/** A directive, and the places where its name may be. */
export interface Question {
  readonly kind: IncludeDirective['kind'];
  readonly name: string;
  readonly order: SearchStep | undefined;
  readonly places: readonly OrderedPlace[];
  /** The same without the folders of the files that include the current one, where that may make a difference. */
  readonly plain?: Question;
}

/** The directives of a file, for one chain of folders that it was included through. */
export interface Visit {
  /** The identities of the headers that they lead to. */
  readonly found: Set<string>;
  /** Directives whose answer may change when more inclusions are reported. */
  readonly questions: Set<Question>;
  /** By path: directives that can lead to this file only. */
  readonly certain: ReadonlyMap<string, CertainQuestion>;
}

/** An `#include` of a name that is in one place only. */
export interface CertainQuestion extends Question {
  readonly places: readonly [OrderedPlace];
}

export function visitWith(questions: readonly Question[]): Visit {
  const certain = questions.filter(isCertain).map((question) => [question.places[0].file, question] as const);
  return { found: new Set(), questions: new Set(questions), certain: new Map(certain) };
}

function isCertain(question: Question): question is CertainQuestion {
  return question.kind === 'include' && !question.plain && question.places.length === 1;
}

/** A file that the compiler has entered and not left yet. */
export interface OpenFile {
  readonly chain: readonly string[];
  readonly order: SearchStep | undefined;
  readonly visit: Visit;
  readonly children: string[];
}

/** What `<x>` is searched in, and what `"x"` is searched in behind the folders of the includers. */
interface CommonOrders {
  readonly angled: SearchStep | undefined;
  readonly quoted: SearchStep | undefined;
}

/** Makes the questions of files. */
export class Questions {
  readonly #orders: SearchOrders;
  readonly #places: SearchPlaces;
  readonly #common: CommonOrders;

  constructor(orders: SearchOrders, places: SearchPlaces, common: CommonOrders) {
    this.#orders = orders;
    this.#places = places;
    this.#common = common;
  }

  /** The questions of a file that was included through this chain of folders, and searches quoted names in this order. */
  of({ includes }: SourceScan, { chain, order }: Pick<OpenFile, 'chain' | 'order'>): Question[] {
    if (includes.length === 0) return [];
    const own = this.#orders.of(chain.slice(0, 1), this.#common.quoted);
    return includes.flatMap(({ kind, form, name }) => {
      const question = this.named(kind, form === 'quote' ? order : this.#common.angled, name);
      const isWithIncluders =
        form === 'quote' && question.places.some((place) => this.isOfIncluder(place, own));
      if (!isWithIncluders) return [question];
      const plain = this.named(kind, own, name);
      return [{ ...question, plain }, plain];
    });
  }

  named(kind: Question['kind'], order: SearchStep | undefined, name: string): Question {
    return { kind, order, name, places: this.#places.possible(order, name) };
  }

  /**
   * Whether a place is in the folder of a file that includes the current one. clang looks there only where it follows
   * Microsoft's rules (`MSVCCompat`), so a name that may be there is searched with these folders and without them.
   */
  isOfIncluder({ at }: OrderedPlace, own: SearchStep | undefined): boolean {
    return (
      this.#orders.lengthOf(at) > this.#orders.lengthOf(this.#common.quoted) && at.folder !== own?.folder
    );
  }
}
