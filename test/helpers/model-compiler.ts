/** The model of cl and of Microsoft's linker (`fixtures/model/`), built once for this machine. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DIST, ROOT } from '../../bin/dev/project.ts';
import { Project } from '../correctness/helpers.ts';
import { findClangCl, temporaryFolder } from './compilers.ts';

const SOURCES = join(ROOT, 'test/fixtures/model');
const FLAGS = ['-O1', '-Wall', '-Wextra', '-Werror', '-Wno-format-truncation'];

/** A call of the model: its words but `/nologo` and `/showIncludes`, and its server of databases. */
export interface ModelCall {
  readonly words: string;
  readonly endpoint: string;
}

/** A project whose compiler is the model of cl. Its objects have a time, unless `/Brepro` is among the words. */
export class ModelProject extends Project {
  readonly #log: string;

  constructor(
    t: TestContext,
    variables: Readonly<Record<string, string>> = {},
    common: readonly string[] = ['/nologo'],
  ) {
    const tools = temporaryFolder(t);
    const compiler = join(tools, 'cl.exe');
    copyFileSync(join(modelPrograms(), 'cl'), compiler);
    super(t, compiler, common);
    this.#log = join(tools, 'log');
    this.set({ MODEL_LOG: this.#log, MODEL_CLANG_CL: findClangCl().path, ...variables });
  }

  /** What the linker says of objects that do not belong together. Empty if there is nothing. */
  link(...objects: readonly string[]): string {
    const { stdout, error } = spawnSync(join(modelPrograms(), 'link'), objects, {
      cwd: this.folder,
      encoding: 'utf8',
    });
    if (error) throw error;
    return stdout;
  }

  /** Each compile so far, in order. */
  calls(): ModelCall[] {
    const text = existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.includes('clcache_probe'))
      .map((line) => {
        const [, words = '', endpoint = ''] = /^(.*) \[(.*)\]$/.exec(line) ?? [];
        return { words: words.replace(/\/(?:nologo|showIncludes) /g, ''), endpoint };
      });
  }
}

let programs: string | undefined;

/** The folder with `cl` and `link`. */
export function modelPrograms(): string {
  programs ??= buildModel('cc', '');
  return programs;
}

/** Builds the model with a C compiler into a folder of `dist/`, unless it is there. */
export function buildModel(compiler: string, suffix: string): string {
  const hash = createHash('sha256').update(`${compiler} ${FLAGS.join(' ')}`);
  for (const name of readdirSync(SOURCES).sort()) hash.update(readFileSync(join(SOURCES, name)));
  const dist = join(DIST, 'model');
  const folder = join(dist, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  for (const name of ['cl', 'link']) {
    const args = [...FLAGS, '-o', join(half, name + suffix), join(SOURCES, `${name}.c`)];
    const { status, stderr, error } = spawnSync(compiler, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${compiler}: ${error ?? stderr}`);
  }
  try {
    renameSync(half, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
