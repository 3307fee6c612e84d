/** The stages of `npm test`: which test files belong to each, and what they need. */
import { Failure, filesBelow, ON_WINDOWS } from './project.ts';
import { SERVERS, type Tools } from './setup.ts';

/** What a stage needs beyond the compiler: Debian packages, and the programs by which one sees that they are there. */
const BUILD_TOOLS: Tools = {
  packages: ['ninja-build', 'cmake', 'make', 'strace'],
  programs: ['ninja', 'cmake', 'make', 'strace'],
  purpose: 'the tests with build systems, and those that count system calls',
};
const MSBUILD: Tools = {
  packages: ['mono-xbuild'],
  programs: ['xbuild'],
  purpose: 'the tests with MSBuild',
  isOptional: true,
};
const BROWSER: Tools = {
  packages: ['chromium'],
  programs: ['chromium'],
  purpose: 'the test of the report in a browser',
  isOptional: true,
};
const WINDOWS_ON_LINUX: Tools = {
  packages: ['wine', 'wine64', 'gcc-mingw-w64-x86-64'],
  programs: ['wine', 'x86_64-w64-mingw32-gcc'],
  purpose: 'the Windows tests',
};
const OTHER_BUILD_TOOLS: Tools = {
  packages: ['meson', 'scons', 'python3-setuptools'],
  programs: ['meson', 'scons'],
  purpose: 'the tests of the recipes for Meson, SCons and Python',
  isOptional: true,
};
const ARCHIVES: Tools = { packages: ['unzip'], programs: ['unzip'], purpose: 'the tests of a release' };

export interface Stage {
  readonly name: string;
  readonly takes: (file: string) => boolean;
  readonly needs: readonly Tools[];
  /** Its files run on the machine of `test/windows/harness`. */
  readonly onMachine?: boolean;
  /** Starts no compiler, no server and nothing of dist/: needs neither of them, and many files share a process. */
  readonly isPure: boolean;
  /** Which of its files Windows can run. All of them, if it is missing. */
  readonly onWindows?: (file: string) => boolean;
}

const below = (folders: string) => (file: string) => new RegExp(`^test/(?:${folders})/`).test(file);

/** Unit tests that name files of this machine as Linux does, or need its links and rights. The others pass under Wine. */
const NOT_FOR_WINDOWS = [
  'test/cli/program.test.ts',
  'test/cli/readme.test.ts',
  'test/compile/hit/lookup.test.ts',
  'test/compile/hit/searches-hold.test.ts',
  'test/compile/jobs.test.ts',
  'test/compile/miss/compile-and-store.test.ts',
  'test/compile/miss/header-watch.test.ts',
  'test/compile/miss/tree-check.test.ts',
  'test/compile/mode.test.ts',
  'test/compile/text/preprocessed.test.ts',
  'test/compiler/answers/microsoft-tools.test.ts',
  'test/compiler/headers/header-search.test.ts',
  'test/compiler/identity/locate.test.ts',
  'test/config/config.test.ts',
  'test/doctor/base-directories.test.ts',
  'test/doctor/build-files.test.ts',
  'test/doctor/cache-folder.test.ts',
  'test/doctor/other-caches.test.ts',
  'test/files/file-memory.test.ts',
  'test/statistics/statistics-file.test.ts',
  'test/storage/evict.test.ts',
  'test/storage/foreign-files.test.ts',
  'test/storage/local-store.test.ts',
  'test/storage/reason-files.test.ts',
  'test/util/make-folder.test.ts',
  'test/util/own-folder.test.ts',
];

/** Fast ones first. Each test file belongs to one of them. */
export const STAGES: readonly Stage[] = [
  {
    name: 'unit',
    takes: (file) => !below('correctness|e2e|fuzz|integration|real-windows|stress|windows')(file),
    needs: [],
    isPure: true,
    onWindows: (file) => !NOT_FOR_WINDOWS.includes(file),
  },
  {
    name: 'integration',
    takes: below('correctness|e2e|integration'),
    needs: [BUILD_TOOLS, MSBUILD, OTHER_BUILD_TOOLS, BROWSER, SERVERS, ARCHIVES],
    isPure: false,
    // The others have a clang-cl for Linux, scripts as compilers, Debian's servers, or strace.
    onWindows: (file) => file === 'test/e2e/cmake.test.ts',
  },
  { name: 'real-windows', takes: below('real-windows'), needs: [BUILD_TOOLS, MSBUILD], isPure: false },
  {
    name: 'windows',
    takes: below('windows'),
    needs: [WINDOWS_ON_LINUX, SERVERS, ARCHIVES],
    onMachine: true,
    isPure: false,
  },
  {
    name: 'stress',
    takes: below('fuzz|stress'),
    needs: [],
    isPure: false,
    onWindows: below('stress/(?:statistics|storage|util)'),
  },
];

/** What takes longest. These files begin first: a long one that begins last leaves processors idle. */
const LONG = [
  'test/e2e/npm-install.test.ts',
  'test/windows/names.test.ts',
  'test/windows/locks.test.ts',
  'test/windows/hash-server.test.ts',
  'test/e2e/hash-server.test.ts',
  'test/windows/installed.test.ts',
  'test/windows/access-denied.test.ts',
  'test/windows/notes.test.ts',
  'test/e2e/package.test.ts',
  'test/correctness/precompiled.test.ts',
  'test/correctness/sharing.test.ts',
  'test/correctness/shadow.test.ts',
  'test/stress/many-processes.test.ts',
  'test/windows/compile.test.ts',
  'test/windows/own-options.test.ts',
  'test/e2e/npm-command.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/correctness/wrappers.test.ts',
  'test/correctness/kinds-of-source.test.ts',
  'test/correctness/reading-of-c.test.ts',
  'test/correctness/inputs.test.ts',
  'test/e2e/cmake-precompiled.test.ts',
  'test/e2e/msbuild.test.ts',
  'test/correctness/driver-words.test.ts',
  'test/correctness/sharing-paths.test.ts',
  'test/correctness/why.test.ts',
  'test/e2e/cache-folder.test.ts',
  'test/e2e/installed.test.ts',
  'test/correctness/outputs.test.ts',
  'test/e2e/bare-start.test.ts',
  'test/integration/storage/remote/large-artifact.test.ts',
  'test/e2e/cmake.test.ts',
  'test/real-windows/msbuild.test.ts',
  'test/windows/called-as.test.ts',
  'test/windows/remote.test.ts',
  'test/windows/interrupt.test.ts',
  'test/windows/model.test.ts',
  'test/e2e/release.test.ts',
  'test/stress/model-builds.test.ts',
  'test/stress/util/file-lock.test.ts',
  'test/stress/storage/evict.test.ts',
];

/** Unit tests begin before all others, since they tell most in the least time. The rest is in the order of lengths. */
export function inOrder(stages: readonly PlannedStage[]): string[] {
  const files = stages.filter(({ isPure }) => !isPure).flatMap((stage) => stage.files);
  const units = stages.filter(({ isPure }) => isPure).flatMap((stage) => stage.files);
  const long = LONG.filter((file) => files.includes(file));
  return [...units, ...long, ...files.filter((file) => !long.includes(file))];
}

export interface PlannedStage extends Stage {
  readonly files: readonly string[];
}

/**
 * The stages with their files: all that this system can run, or those that are named by a stage, a file or a folder, from
 * the root. A file or a folder that is named is run on each system.
 */
export function plannedStages(wanted: readonly string[], onWindows: boolean = ON_WINDOWS): PlannedStage[] {
  const all = filesBelow('test').filter((file) => file.endsWith('.test.ts'));
  const here = all.filter((file) => !onWindows || isForWindows(file));
  const files = wanted.length === 0 ? here : wanted.flatMap((name) => filesNamed(name, all, here));
  return STAGES.map((stage) => ({ ...stage, files: files.filter(stage.takes) })).filter(
    (stage) => stage.files.length > 0,
  );
}

/** True for a word that names no tests. */
export const isOption = (word: string) => word === '--verbose';

/** The test files that these words name, in the order in which they are run. */
export const filesOf = (words: readonly string[]) =>
  inOrder(plannedStages(words.filter((word) => !isOption(word))));

function isForWindows(file: string): boolean {
  return STAGES.some(({ takes, onWindows = takes }) => takes(file) && onWindows(file));
}

function filesNamed(name: string, all: readonly string[], here: readonly string[]): readonly string[] {
  const stage = STAGES.find((one) => one.name === name);
  const files = stage
    ? here.filter(stage.takes)
    : all.filter((file) => file === name || file.startsWith(`${name}/`));
  if (files.length === 0) throw new Failure(`no such test: ${name}`);
  return files;
}
