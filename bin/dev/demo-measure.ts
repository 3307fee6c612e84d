/** Measures one mode of the demo with and without clcache, and compares what the runs made. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileAll, type Run } from './demo-compile.ts';
import { HOME, type Mode, type Project } from './demo-modes.ts';
import { Failure } from './project.ts';

export interface Result {
  readonly mode: string;
  readonly bare: Run;
  readonly cold: Run;
  readonly warm: Run;
  readonly hits: number;
  /** What is not the same, a line each. */
  readonly differing: readonly string[];
  readonly statistics: string;
}

/** The bare compiler, then clcache with an empty cache, then clcache again. */
export async function measure(mode: Mode, project: Project): Promise<Result> {
  const cache = join(HOME, 'cache');
  const [clcache = '', ...first] = project.product;
  const { path } = project.compiler;
  const environment = cleanEnvironment(project.compiler.environment);
  rmSync(cache, { recursive: true, force: true });
  const run = (title: string, program: string, leading: readonly string[]) =>
    compileAll({ title: `${mode.name}, ${title}`, program, leading, mode, project, environment });
  environment['CLCACHE_DIR'] = cache;

  const bare = await run('bare compiler', path, []);
  const cold = await run('cold', clcache, [...first, path]);
  const before = hitsOf(project.product, environment);
  const warm = await run('warm', clcache, [...first, path]);
  const after = hitsOf(project.product, environment);
  return {
    mode: mode.name,
    bare,
    cold,
    warm,
    hits: after - before,
    differing: [
      ...differingObjects(warm, cold, 'cold'),
      ...differingObjects(warm, bare, 'bare'),
      ...differingOutput(warm, cold, 'cold'),
      ...(mode.comparesOutput ? differingOutput(warm, bare, 'bare') : []),
    ],
    statistics: ask(project.product, ['-s'], environment),
  };
}

/** Nothing that is set here by chance may change what is measured. */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = (name: string) => /^(?:CLCACHE_.*|CL|_CL_)$/i.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOurs(name)));
}

function differingObjects(warm: Run, other: Run, name: string): string[] {
  const differing = [...other.objects].filter(([file, bytes]) => !warm.objects.get(file)?.equals(bytes));
  return differing.map(([file]) => `${file} differs from that of the ${name} run`);
}

function differingOutput(warm: Run, other: Run, name: string): string[] {
  const isSame = JSON.stringify(warm.outputs) === JSON.stringify(other.outputs);
  return isSame ? [] : [`what was printed differs from the ${name} run`];
}

const hitsOf = (product: readonly string[], environment: NodeJS.ProcessEnv): number =>
  JSON.parse(ask(product, ['-s', '--json'], environment)).CacheHits;

function ask(
  [program = '', ...first]: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Failure(`clcache ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
