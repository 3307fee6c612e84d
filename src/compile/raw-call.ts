/** Calls with bytes that are not UTF-8. The text that the runtime made of them has lost them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomDigits } from '../runtime/random.ts';
import { removeIfPossible } from '../util/atomic-file.ts';
import { hasLostBytes } from '../util/byte-name.ts';
import type { Environment } from '../util/environment.ts';

const NAME_OF_SHELL = /^[A-Za-z_]\w*$/;

export interface RawCall {
  readonly compiler: string;
  readonly arguments: readonly string[];
  /** Call it when the program has ended. */
  readonly end: () => void;
}

/**
 * The same call with its original bytes, where the system has them (Linux): a script for the shell, whose words are
 * bytes. Undefined if nothing was lost, or if the bytes are not available. Throws what writing a file throws.
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

/** Reads a list of byte strings of the system, each with a NUL at its end. */
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
