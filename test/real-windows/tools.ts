/**
 * What a real Windows must show, as functions of the compiler that is there. On Windows they get Microsoft's cl, linker,
 * MSBuild and CMake. Elsewhere they get the models of these, so that the tests themselves are known to work.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { Project } from '../correctness/helpers.ts';
import { isOnPath } from '../helpers/cmake-builds.ts';
import { cleanEnvironment } from '../helpers/compilers.ts';
import { ModelProject } from '../helpers/model-compiler.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export const ON_WINDOWS = process.platform === 'win32';

export interface Tools {
  readonly isReal: boolean;
  /** A folder with a cache of its own, and the compiler. `/nologo` is in each call unless `common` says otherwise. */
  project(t: TestContext, variables?: Readonly<Record<string, string>>, common?: readonly string[]): Project;
  /** What the linker says of objects of a project. Empty if they belong together. */
  link(project: Project, objects: readonly string[]): string;
  /** An object without the time of its compile. */
  withoutTime(object: Buffer): Buffer;
  /** How much of something to do: models need little to show that a test works. */
  amount(real: number, model: number): number;
}

const REAL: Tools = {
  isReal: true,
  project(t, variables = {}, common = ['/nologo']) {
    const project = new Project(t, pathOf('cl'), common);
    project.set(variables);
    return project;
  },
  link(project, objects) {
    const words = ['/nologo', '/DEBUG', '/WX', '/DLL', '/NOENTRY', '/OUT:linked.dll', ...objects];
    const env = cleanEnvironment();
    const { status, stdout } = spawnSync('link.exe', words, { cwd: project.folder, encoding: 'utf8', env });
    return status === 0 && !/LNK\d{4}/.test(stdout) ? '' : stdout || `status ${status}`;
  },
  // "PE Format": the header of an object has its time at 4, that of /bigobj (0, 0xFFFF) at 8.
  withoutTime(object) {
    const at = object.readUInt32LE(0) === 0xffff0000 ? 8 : 4;
    return Buffer.concat([object.subarray(0, at), object.subarray(at + 4)]);
  },
  amount: (real) => real,
};

const MODEL: Tools = {
  isReal: false,
  project: (t, variables, common) => new ModelProject(t, variables, common),
  link: (project, objects) => (project instanceof ModelProject ? project.link(...objects) : 'no model'),
  withoutTime: (object) => Buffer.from(object.toString('latin1').replace(/^time: .*$/m, ''), 'latin1'),
  amount: (_, model) => model,
};

export interface Needs {
  /** Programs that the real tools need beside cl and link. */
  readonly real?: readonly string[];
  /** Programs that the models need, or why there is no model of it. */
  readonly model?: readonly string[] | string;
}

/**
 * Tests a sentence with what is there: Microsoft's tools or their models. The other test is skipped, and says what it
 * lacks.
 */
export function onEach(
  sentence: string,
  { real = [], model = [] }: Needs,
  show: (t: TestContext, tools: Tools) => void | Promise<void>,
): void {
  const missing = (programs: readonly string[]) => programs.find((program) => !isOnPath(program));
  const lacking = ON_WINDOWS ? missing(['cl', 'link', ...real]) : undefined;
  const whyNotReal = ON_WINDOWS
    ? lacking && `${lacking}.exe is not on PATH`
    : 'needs Windows with Visual Studio: .github/workflows/windows.yml runs it';
  const absent = typeof model === 'string' ? model : missing(model);
  const whyNoModel = ON_WINDOWS
    ? 'the real one is there'
    : absent && (typeof model === 'string' ? model : `${absent} is not on PATH`);
  test(`Microsoft's tools: ${sentence}`, { skip: whyNotReal ?? false }, (t) => show(t, REAL));
  test(`the models: ${sentence}`, { skip: whyNoModel ?? false }, (t) => show(t, MODEL));
}

/**
 * A folder for a build by MSBuild, which takes nothing below %TEMP% for an input or output: it could not tell there what has
 * changed ("FileIsExcludedFromDependencies" of its FileTracker).
 */
export function folderForBuilds({ isReal }: Tools, t: TestContext): string {
  return isReal ? temporaryFolder(t, join(ROOT, 'dist/builds-of-tests')) : temporaryFolder(t);
}

/** Keeps a text for the log of a workflow, in `dist/real-windows`. Models leave nothing. */
export function keep({ isReal }: Tools, name: string, text: string | Uint8Array): void {
  if (!isReal) return;
  const path = join(ROOT, 'dist/real-windows', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function pathOf(program: string): string {
  const { stdout } = spawnSync('where', [`${program}.exe`], { encoding: 'utf8' });
  return stdout.split(/\r?\n/)[0] ?? program;
}
