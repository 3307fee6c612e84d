import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { madeFrom } from '../../../src/compiler/precompiled/made-from.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Writes what `BitReader` reads. */
class Bits {
  readonly #bits: number[] = [];

  fixed(value: number, width: number): this {
    for (let at = 0; at < width; at++) this.#bits.push(Math.floor(value / 2 ** at) % 2);
    return this;
  }

  variable(value: number, width: number): this {
    const high = 2 ** (width - 1);
    let left = value;
    for (; left >= high; left = Math.floor(left / high)) this.fixed((left % high) + high, width);
    return this.fixed(left, width);
  }

  align(): this {
    while (this.#bits.length % 32 !== 0) this.#bits.push(0);
    return this;
  }

  bytes(): Buffer {
    const { length } = this.align().#bits;
    const byteAt = (at: number) =>
      this.#bits.slice(at, at + 8).reduce((sum, bit, place) => sum + bit * 2 ** place, 0);
    return Buffer.from(Array.from({ length: length / 8 }, (_, index) => byteAt(index * 8)));
  }

  /** Enters a block with these contents. */
  block(id: number, inside: Buffer, outerWidth: number): this {
    this.fixed(1, outerWidth)
      .variable(id, 8)
      .variable(4, 4)
      .align()
      .fixed(inside.length / 4, 32);
    for (const byte of inside) this.fixed(byte, 8);
    return this;
  }

  /** A record without an abbreviation. */
  record(code: number, values: readonly number[]): this {
    this.fixed(3, 4).variable(code, 6).variable(values.length, 6);
    for (const value of values) this.variable(value, 6);
    return this;
  }

  end(): this {
    return this.fixed(0, 4).align();
  }
}

/** A block of input files in which each record is a code, `count` numbers and a name. */
function inputFiles(count: number, files: readonly { numbers: readonly number[]; name: string }[]): Buffer {
  const bits = new Bits().fixed(2, 4).variable(count + 2, 5);
  bits.fixed(1, 1).variable(1, 8);
  for (let at = 0; at < count; at++) bits.fixed(0, 1).fixed(2, 3).variable(12, 5);
  bits.fixed(0, 1).fixed(5, 3);
  for (const { numbers, name } of files) {
    bits.fixed(4, 4);
    for (const number of numbers) bits.variable(number, 12);
    bits.variable(name.length, 6).align();
    for (const byte of Buffer.from(name)) bits.fixed(byte, 8);
    bits.align();
  }
  return bits.end().bytes();
}

/** A `.pch` with a block that does not matter, and a control block with these files and further records. */
function stored(
  t: TestContext,
  files: Buffer,
  { more = (bits: Bits) => bits, macros = [0] as readonly number[] } = {},
): string {
  const options = new Bits().record(1, [7]).record(5, macros).end().bytes();
  const control = more(new Bits().record(1, [14, 0]))
    .block(17, options, 4)
    .block(16, files, 4)
    .end()
    .bytes();
  const before = new Bits().record(7, [1, 2, 3]).end().bytes();
  const stream = new Bits().block(9, before, 2).block(15, control, 2).bytes();
  const path = join(temporaryFolder(t), 'x.pch');
  writeFileSync(path, Buffer.concat([Buffer.from('CPCH'), stream]));
  return path;
}

test('the files of a precompiled header are read with size and time', (t) => {
  const path = stored(
    t,
    inputFiles(6, [
      { numbers: [1, 70_000, 1_795_683_917, 0, 0, 0], name: '/tree/a.h' },
      { numbers: [2, 0, 0, 0, 0, 0], name: '/tree/b.h' },
    ]),
  );
  assert.deepEqual(madeFrom(path)?.files, [
    { path: '/tree/a.h', size: 70_000, modified: 1_795_683_917 },
    { path: '/tree/b.h', size: 0, modified: 0 },
  ]);
});

test('a name stands behind the name that was asked for, if that is another one', (t) => {
  const files = [
    { numbers: [1, 5, 6, 0, 0, 0, 0, 7], name: '/link/a/tree/a.h' },
    { numbers: [2, 5, 6, 0, 0, 0, 0, 9], name: '/tree/b.h' },
  ];
  assert.deepEqual(
    madeFrom(stored(t, inputFiles(8, files)))?.files.map(({ path }) => path),
    ['/tree/a.h', '/tree/b.h'],
  );
});

test('the macros of the line that made a precompiled header are read, with or without a switch before them', (t) => {
  const files = inputFiles(6, [{ numbers: [1, 5, 6, 0, 0, 0], name: '/tree/a.h' }]);
  const text = (value: string, isUndefined: 0 | 1) => [value.length, ...Buffer.from(value), isUndefined];
  const macros = [3, ...text('_MT', 0), ...text('GONE', 1), ...text('NOW=__TIME__', 0), 1, 0, 0];
  for (const values of [macros, [1, ...macros]]) {
    assert.deepEqual(madeFrom(stored(t, files, { macros: values }))?.definitions, ['_MT', 'NOW=__TIME__']);
  }
  for (const values of [
    [0, 1, 9],
    [1, 0, 0, 0],
  ]) {
    assert.deepEqual(madeFrom(stored(t, files, { macros: values }))?.definitions, [], String(values));
  }
  assert.equal(madeFrom(stored(t, files, { macros: [5, 90, 1, 2] })), undefined);
});

test('a precompiled header that builds on another one does not say what it was made from', (t) => {
  const files = inputFiles(6, [{ numbers: [1, 5, 6, 0, 0, 0], name: '/tree/a.h' }]);
  assert.equal(madeFrom(stored(t, files, { more: (bits) => bits.record(2, [4, 0, 5, 6]) })), undefined);
});

test('what is no precompiled header of clang says nothing', (t) => {
  const whole = inputFiles(6, [{ numbers: [1, 5, 6, 0, 0, 0], name: '/tree/a.h' }]);
  const path = stored(t, whole.subarray(0, whole.length - 12));
  assert.equal(madeFrom(path), undefined, 'a block that ends in the middle');
  for (const text of ['', 'CPCH', 'CPCHxxxxxxxx', 'BC\xc0\xde and so on', `CPCH${'\xff'.repeat(100)}`]) {
    writeFileSync(path, text, 'latin1');
    assert.equal(madeFrom(path), undefined, text);
  }
  assert.equal(madeFrom(join(path, 'missing')), undefined);
});
