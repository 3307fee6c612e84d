/** What checks look at, made without a program. */
import type { FoundCompiler } from '../../src/compile/find-compiler.ts';
import type { CompilerRecord } from '../../src/compiler/identity/compiler-record.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { ExaminedCompiler, HowFound } from '../../src/doctor/the-compiler.ts';
import type { HandOnKind } from '../../src/explain/hand-on.ts';
import type { Counts } from '../../src/statistics/counters.ts';
import { totalOf } from '../../src/statistics/statistics.ts';
import type { Statistics } from '../../src/statistics/statistics-file.ts';

/** The configuration of an environment. */
export function configOf(
  env: Readonly<Record<string, string>>,
  cwd = '/work',
  platform: NodeJS.Platform = 'linux',
): Config {
  return readConfig({ env: { HOME: '/home/me', ...env }, platform, cwd: () => cwd });
}

/** What was counted: these, and of the others 0. All of it belongs to one build, unless other parts are given. */
export function counted(counts: Counts, parts: Partial<Statistics> = {}): () => Promise<Statistics> {
  const build = { from: 1, to: 2, counts, refused: {} };
  return async () => ({ totals: totalOf([counts]), refused: {}, since: 1, builds: [build], ...parts });
}

type Compiler = () => Promise<ExaminedCompiler>;

export function foundCompiler(
  record: Partial<CompilerRecord> = {},
  { path = '/opt/clang-cl', how = 'CLCACHE_CL' as HowFound } = {},
): Compiler {
  const found: FoundCompiler = {
    kind: 'compiler',
    compiler: path,
    arguments: [],
    record: {
      format: 1,
      clangVersion: 19,
      versionText: 'clang version 19.1.0\nTarget: x',
      files: [],
      folders: [],
      absent: [],
      ...record,
      family: 'clang-cl',
    },
  };
  return async () => ({ found, how });
}

export function noCompiler(because: string): Compiler {
  return async () => ({ found: { kind: 'none', because }, how: 'PATH' });
}

export function handedOn(kind: HandOnKind, because: string): Compiler {
  const found: FoundCompiler = {
    kind: 'handOn',
    compiler: '/opt/cl',
    arguments: [],
    environment: {},
    reason: { kind, because },
    counts: {},
  };
  return async () => ({ found, how: 'CLCACHE_CL' });
}

/** Each finding in a line: its mark, `stops` if a build is not served, and both texts. */
export function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ mark, stops, found, advice }) =>
    [stops ? 'stops' : mark, found, ...(advice === undefined ? [] : [`=> ${advice}`])].join(' '),
  );
}
