/** Random builds of a small project with the model of cl, as a build system makes them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Random } from '../fuzz/random.ts';
import { cleanEnvironment, executable, findClangCl } from '../helpers/compilers.ts';
import type { ModelProject } from '../helpers/model-compiler.ts';

const SOURCES = 6;
const HEADERS = 3;
const AT_ONCE = 4;
/** Few values, so that many builds have been there before. */
const HIGHEST_VALUE = 3;

/** A way to build everything. Each has an output folder of its own. */
export interface Setup {
  readonly options: (folder: string, name: string) => readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly hasPrecompiled?: true;
}

const SHARED = (folder: string) => ['/Zi', '/FS', `/Fd${folder}/all.pdb`];
const OWN = (folder: string, name: string) => ['/Zi', `/Fd${folder}/${name}.pdb`];

export const SETUPS: Readonly<Record<string, Setup>> = {
  plain: { options: () => [], variables: { CLCACHE_PCH: '1' }, hasPrecompiled: true },
  embedded: { options: () => ['/Z7'], variables: { CLCACHE_PCH: '1' }, hasPrecompiled: true },
  madeEmbedded: { options: SHARED, variables: { CLCACHE_Z7: '1', CLCACHE_PCH: '1' }, hasPrecompiled: true },
  own: { options: OWN, variables: { CLCACHE_PDB: '1' } },
  shared: { options: SHARED, variables: { CLCACHE_PDB: '1' } },
  perObject: { options: SHARED, variables: { CLCACHE_PDB: 'per-object' } },
  tied: { options: SHARED, variables: { CLCACHE_PDB: 'per-object' }, hasPrecompiled: true },
};

/** The sources and headers, and what was built of them. */
export class RandomBuilds {
  readonly #project: ModelProject;
  readonly #random: Random;
  readonly #values: number[] = Array.from({ length: HEADERS + 1 }, () => 1);
  /** The values with which each object was compiled. */
  readonly #built = new Map<string, string>();

  constructor(project: ModelProject, random: Random) {
    this.#project = project;
    this.#random = random;
    for (let source = 0; source < SOURCES; source += 1) {
      const header = source % HEADERS;
      project.write(
        `s${source}.c`,
        `#include "pch.h"\n#include "h${header}.h"\nint s${source} = V${header};\n`,
      );
    }
    project.write('pch.c', '#include "pch.h"\n');
    for (const header of this.#values.keys()) this.#edit(header);
  }

  /** One build: edits, removed outputs, compiles in any order, and the link. Returns what went wrong. */
  async build(name: string): Promise<string[]> {
    const setup = SETUPS[name];
    if (!setup) throw new Error(name);
    const folder = `out-${name}`;
    mkdirSync(this.#project.path(folder), { recursive: true });
    for (const header of this.#values.keys()) if (this.#random.chance(0.2)) this.#edit(header);
    this.#removeSome(folder);
    const problems: string[] = [];
    const run = async (source: string, words: readonly string[], values: string) => {
      const object = `${folder}/${source}.obj`;
      if (existsSync(this.#project.path(object)) && this.#built.get(object) === values) return false;
      const options = [...setup.options(folder, source), `/Fo${object}`, ...words];
      const said = await this.#compile(['/c', ...options, `${source}.c`], setup.variables);
      if (said !== '') problems.push(`${name} ${source}: ${said}`);
      this.#built.set(object, values);
      return true;
    };
    const through = [`/Fp${folder}/x.pch`];
    const pch = String(this.#values[HEADERS]);
    if (setup.hasPrecompiled) {
      if (!existsSync(this.#project.path(`${folder}/x.pch`))) this.#built.delete(`${folder}/pch.obj`);
      // Who uses it is made anew with it.
      if (await run('pch', ['/Ycpch.h', ...through], pch)) this.#forget(folder, 'pch.obj');
    }
    const sources = this.#random.shuffled(Array.from({ length: SOURCES }, (_, source) => source));
    const waiting = sources[Symbol.iterator]();
    const slot = async () => {
      for (const source of { [Symbol.iterator]: () => waiting }) {
        const use = setup.hasPrecompiled ? ['/Yupch.h', ...through] : [];
        await run(`s${source}`, use, `${pch} ${this.#values[source % HEADERS]}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, slot));
    while (this.#files(folder).some((file) => file.endsWith('.model-lock'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return [...problems, ...this.#check(name, folder)];
  }

  /** What the linker says, and objects that do not have the values of their headers. */
  #check(name: string, folder: string): string[] {
    const objects = this.#files(folder).filter((file) => file.endsWith('.obj'));
    const said = this.#project.link(...objects.map((file) => `${folder}/${file}`));
    const problems = said === '' ? [] : [`${name}: ${said}`];
    for (let source = 0; source < SOURCES; source += 1) {
      const text = String(this.#project.read(`${folder}/s${source}.obj`));
      const value = this.#values[source % HEADERS];
      if (!text.includes(`int s${source} = ${value};`))
        problems.push(`${name}: s${source} is not of ${value}`);
    }
    return problems;
  }

  #edit(header: number): void {
    const value = this.#random.between(1, HIGHEST_VALUE);
    this.#values[header] = value;
    if (header === HEADERS) this.#project.write('pch.h', `#define P ${value}\n`);
    else this.#project.write(`h${header}.h`, `#define V${header} ${value}\n`);
  }

  /** Nothing, all, or some objects and what belongs to one object alone. */
  #removeSome(folder: string): void {
    const path = this.#project.path(folder);
    const share = this.#random.pick([0, 0.5, 1]);
    if (share === 1) rmSync(path, { recursive: true });
    mkdirSync(path, { recursive: true });
    for (const file of this.#files(folder)) {
      if (file !== 'all.pdb' && this.#random.chance(share)) rmSync(`${path}/${file}`);
      // A build system knows that the object comes with its database.
      if (file.endsWith('.pdb') && !existsSync(`${path}/${file}`)) {
        rmSync(`${path}/${file.replace(/(?:\.obj)?\.pdb$/, '.obj')}`, { force: true });
      }
    }
  }

  #forget(folder: string, except: string): void {
    for (const object of this.#built.keys()) {
      if (object.startsWith(`${folder}/`) && !object.endsWith(except)) this.#built.delete(object);
    }
  }

  #files(folder: string): string[] {
    return readdirSync(this.#project.path(folder)).sort();
  }

  /** Compiles through clcache. Returns what the user sees of a failure. */
  #compile(words: readonly string[], variables: Setup['variables']): Promise<string> {
    const project = this.#project;
    const env = cleanEnvironment({
      ...variables,
      CLCACHE_DIR: project.path('cache'),
      CLCACHE_LOG: project.path('log.txt'),
      MODEL_CLANG_CL: findClangCl().path,
      MODEL_SERVER_MS: String(this.#random.pick([0, 0, 40, 120])),
    });
    const child = spawn(executable(), [project.compiler, '/nologo', ...words], { cwd: project.folder, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        said += bytes;
      });
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve(status === 0 ? '' : `status ${status}: ${said}`));
    });
  }

  /** The end of clcache's log. */
  log(): string {
    const path = this.#project.path('log.txt');
    return existsSync(path) ? readFileSync(path, 'utf8').slice(-20_000) : '';
  }
}
