/** Calls that hold bytes which are no UTF-8: text that was made of them cannot give them back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeIfPossible } from '../util/atomic-file.ts';
import { hasLostBytes } from '../util/byte-name.ts';
import type { Environment } from '../util/environment.ts';
import { randomDigits } from '../util/random-name.ts';

const NAME_OF_SHELL = /^[A-Za-z_]\w*$/;

export interface RawCall {
  readonly compiler: string;
  readonly arguments: readonly string[];
  /** To be called when the program has ended. */
  readonly end: () => void;
}

/**
 * The same call with the bytes that we were started with, where the system has them (Linux): a script for the shell, to
 * which words are bytes. Undefined where nothing was lost, or it cannot be had back. Throws what writing a file throws.
 */
export function rawCall(call: {
  readonly compiler: string;
  readonly arguments: readonly string[];
  readonly environment: Environment;
}): RawCall | undefined {
  const { compiler, arguments: args, environment } = call;
  if (process.platform !== 'linux') return undefined;
  const words = partsOf('/proc/self/cmdline').slice(-args.length || Number.POSITIVE_INFINITY);
  if (words.length !== args.length || !words.every((word, index) => String(word) === args[index]))
    return undefined;
  const lines: Buffer[] = [Buffer.from('#!/bin/sh\n')];
  for (const variable of partsOf('/proc/self/environ')) {
    const at = variable.indexOf('=');
    const name = String(variable.subarray(0, at));
    const value = variable.subarray(at + 1);
    const isGiven = environment[name] !== undefined && NAME_OF_SHELL.test(name);
    if (!isGiven || !hasLostBytes(String(value))) continue;
    lines.push(Buffer.from(`export ${name}=`), quoted(value), Buffer.from('\n'));
  }
  lines.push(Buffer.from('exec'));
  for (const word of [Buffer.from(compiler), ...words]) lines.push(Buffer.from(' '), quoted(word));
  const file = join(tmpdir(), `clcache-${randomDigits()}.sh`);
  writeFileSync(file, Buffer.concat([...lines, Buffer.from('\n')]), { flag: 'wx', mode: 0o600 });
  return { compiler: '/bin/sh', arguments: [file], end: () => removeIfPossible(file) };
}

/** What the system keeps as a list of byte strings with a NUL behind each. */
function partsOf(file: string): Buffer[] {
  const text = readFileSync(file).toString('latin1');
  return text
    .split('\0')
    .slice(0, -1)
    .map((part) => Buffer.from(part, 'latin1'));
}

function quoted(word: Buffer): Buffer {
  return Buffer.from(`'${word.toString('latin1').replaceAll("'", "'\\''")}'`, 'latin1');
}
