/**
 * `node bin/dev/start.mjs versions`: prints the versions of what the tests run here, one line each, for the log of a
 * workflow. A program that is missing is named as such.
 */
import { spawnSync } from 'node:child_process';
import { findClangCl, findMicrosoftCompiler, findOnPath } from './find-compiler.ts';
import { ON_WINDOWS, script } from './project.ts';

/** A program, and how to ask it. The first line of the answer with a digit is its version. */
type Question = readonly [program: string, ...args: string[]];

const EVERYWHERE: readonly Question[] = [
  ['node', '--version'],
  ['cmake', '--version'],
  ['ninja', '--version'],
];
const WINDOWS: readonly Question[] = [
  ['cl'],
  ['link'],
  ['msbuild', '-version', '-nologo'],
  ['clang-cl', '--version'],
];
const LINUX: readonly Question[] = [
  ['xbuild', '/version'],
  ['wine', '--version'],
  ['x86_64-w64-mingw32-gcc', '--version'],
];

/** What GitHub says of its images ("Using GitHub-hosted runners"). */
const IMAGE = ['ImageOS', 'ImageVersion', 'RUNNER_ARCH', 'PROCESSOR_ARCHITECTURE'];

await script(() => {
  const environment = ON_WINDOWS ? findMicrosoftCompiler().environment : process.env;
  for (const name of IMAGE) if (process.env[name]) console.log(`${name}: ${process.env[name]}`);
  const compiler = ON_WINDOWS ? undefined : findClangCl()?.path;
  const own: readonly Question[] = ON_WINDOWS ? WINDOWS : LINUX;
  const more: readonly Question[] = compiler === undefined ? [] : [[compiler, '--version']];
  for (const [program, ...args] of [...EVERYWHERE, ...own, ...more]) {
    const file = findOnPath([ON_WINDOWS ? `${program}.exe` : program], environment) ?? program;
    const { stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', env: environment });
    const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split(/\r?\n/);
    const version = lines.find((line) => /\d/.test(line))?.trim();
    console.log(`${program}: ${error ? 'not there' : (version ?? 'says nothing')}`);
  }
});
