import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { CommandLineHost } from '../../../src/commandline/compile-call.ts';

/** The newest clang-cl on PATH. */
export function findClangCl(): { path: string; version: number } {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  const versions = found.map((path) => ({ path, version: versionOf(path) }));
  const [newest] = versions.sort((left, right) => right.version - left.version);
  assert.ok(newest, 'no clang-cl on PATH: install clang-tools (clang-cl-14 or later)');
  return newest;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^clang-cl(?:-\d+)?$/.test(name));
  } catch {
    return [];
  }
}

function versionOf(path: string): number {
  const text = execFileSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/version (\d+)/.exec(text)?.[1] ?? 0);
}

const SOURCE =
  '#include "h.h"\nint f(int x) { int a[9]; for (int i = 0; i < 9; i++) a[i] = x; return a[x]; }\n';

export interface RealCompile {
  readonly status: number | null;
  readonly stderr: string;
  /** The absolute paths of written files, sorted. */
  readonly written: readonly string[];
}

/** A folder with sources in which clang-cl can be run; `host` describes it to the parser. */
export function clangClWorkspace() {
  const { path, version } = findClangCl();
  const root = mkdtempSync(join(tmpdir(), 'clcache-commandline-'));
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'out'));
  for (const name of ['a.c', 'a.b.c', 'other.c', 'c.cpp', 'd.inl'])
    writeFileSync(join(root, 'src', name), SOURCE);
  for (const name of ['s.S', 'k.s']) writeFileSync(join(root, 'src', name), '.globl f\nf:\n');
  writeFileSync(join(root, 'src', 'h.h'), 'int h;\n');
  mkdirSync(join(root, 'inc'));
  writeFileSync(join(root, 'inc', 'sub.h'), '\n');
  const pristine = new Set(filesBelow(root));
  const host: CommandLineHost = {
    family: 'clang-cl',
    clangVersion: version,
    style: 'posix',
    workingDirectory: root,
    fileExists: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
    folderExists: (file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false,
  };
  return {
    root,
    host,
    version,
    run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): RealCompile {
      const { status, stderr } = spawnSync(path, ['--target=x86_64-pc-linux-gnu', ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, CL: '', _CL_: '', ...environment },
      });
      const written = filesBelow(root).filter((file) => !pristine.has(file));
      for (const file of written) rmSync(file);
      return { status, stderr, written };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
