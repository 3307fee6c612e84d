/** A report before it is a page or Markdown. Texts are plain, and may hold anything that a file or a server is called. */

export interface ReportDocument {
  readonly title: string;
  /** What it is about, and when it was made. */
  readonly about: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | Columns
  | Bars
  | Table;

/** A number that stands for itself, and what it counts. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** A row of columns. A table beside it says the same, so that only the page shows it. */
export interface Columns {
  readonly kind: 'columns';
  /** What is shown, for those who do not see it. */
  readonly label: string;
  /** The height of each, from 0 to 1. */
  readonly shares: readonly number[];
  /** What stands below the first and the last column. */
  readonly ends: readonly [string, string];
}

/** Amounts of one kind, each with a bar. */
export interface Bars {
  readonly kind: 'bars';
  readonly caption: string;
  /** The headings: what is counted, and the columns of text behind it. The last one is the amount. */
  readonly heads: readonly [what: string, amount: string];
  readonly rows: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  /** A line below it: what it means, or what to do. */
  readonly note?: string;
  /** The length of the bar. Not negative. */
  readonly amount: number;
  /** The amount as text. */
  readonly shown: string;
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly heads: readonly string[];
  /** The first cell of a row is its heading, the others are amounts. */
  readonly rows: readonly (readonly string[])[];
}
