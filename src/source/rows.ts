/** The transitions of a state machine. It has a row for each state and a column for each kind of byte. */
export class Rows {
  /** The column of each byte. */
  readonly columns = new Uint8Array(256);
  readonly #width: number;
  #table: Int32Array;
  #used = 0;

  /** The bytes of a group share a column. All bytes without a group share the last column. */
  constructor(groups: readonly string[]) {
    this.#width = groups.length + 1;
    this.#table = new Int32Array(this.#width * 512);
    this.columns.fill(groups.length);
    for (const [column, group] of groups.entries()) {
      for (let at = 0; at < group.length; at++) this.columns[group.charCodeAt(at)] = column;
    }
  }

  /** The next state is at the sum of the row and the column. */
  get table(): Int32Array {
    return this.#table;
  }

  /** Adds a state. Returns the start of its row. */
  add(): number {
    const row = this.#used;
    this.#used += this.#width;
    if (this.#used > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2);
      larger.set(this.#table);
      this.#table = larger;
    }
    return row;
  }

  /** Copies all transitions of another row. */
  like(row: number, other: number): void {
    this.#table.copyWithin(row, other, other + this.#width);
  }

  /** Sets the transition for every byte. */
  always(row: number, to: number): void {
    this.#table.fill(to, row, row + this.#width);
  }

  /** Sets the transition for these bytes. */
  on(row: number, bytes: string, to: number): void {
    for (let at = 0; at < bytes.length; at++) {
      this.#table[row + (this.columns[bytes.charCodeAt(at)] as number)] = to;
    }
  }
}
