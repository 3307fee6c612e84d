import type { SearchStep } from '../../files/searches.ts';
import type { IncludeDirective } from '../../source/scan.ts';
import type { OrderedPlace } from './search-places.ts';

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
  questions: readonly Question[];
}

/** A file that the compiler has entered and not left yet. */
export interface OpenFile {
  readonly chain: readonly string[];
  readonly order: SearchStep | undefined;
  readonly visit: Visit;
  readonly children: string[];
}
