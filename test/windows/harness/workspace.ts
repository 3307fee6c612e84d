import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** A temporary folder that is removed when the test ends. */
export interface Workspace {
  readonly root: string;
  /** The path of `name` in the folder. */
  at(...name: string[]): string;
  /** Writes a file, and the folders that lead to it; returns its path. */
  write(name: string, content: string | Buffer): string;
}

export function workspace(t: TestContext): Workspace {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'clcache windows-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  const at = (...name: string[]) => join(root, ...name);
  return {
    root,
    at,
    write(name, content) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
  };
}

/** A command file as MSBuild writes it: UTF-16LE with a byte order mark, CR LF. */
export function msbuildResponseFile(lines: readonly string[]): Buffer {
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`, 'utf16le');
}
