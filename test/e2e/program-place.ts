/** A folder with small programs that print their arguments. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { run, temporaryFolder } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';

/** A folder with a source, a cache and folders of programs. */
export class ProgramPlace {
  readonly root: string;
  readonly cache: string;

  /** `compiler`: the path by which clcache knows the real one. */
  constructor(t: TestContext, compiler?: string) {
    this.root = temporaryFolder(t);
    this.cache = join(this.root, 'cache');
    knowTheCompiler(this.cache, compiler === undefined ? {} : { compiler });
    writeFileSync(join(this.root, 'a.c'), 'char text[] = "compiled";\n');
  }

  path(name: string): string {
    mkdirSync(join(this.root, name, '..'), { recursive: true });
    return join(this.root, name);
  }

  script(name: string, body: string): string {
    writeFileSync(this.path(name), `#!/bin/sh\n${body}\n`);
    chmodSync(this.path(name), 0o755);
    return this.path(name);
  }

  /** A compiler that prints its arguments, one word a line. */
  talking(name: string, version = 'clang version 14.0.0'): string {
    const body = `if [ "$*" = --version ]; then echo '${version}'; else printf '%s\\n' "$0" "$@"; fi`;
    return this.script(name, body);
  }

  /** With these folders, of the place or absolute, on PATH, and none of the system's folders that could have a compiler. */
  run(
    program: string,
    args: readonly string[],
    folders: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    const PATH = folders.map((folder) => resolve(this.root, folder)).join(':');
    return run(program, args, { cwd: this.root, env: { CLCACHE_DIR: this.cache, PATH, ...env } });
  }

  /** The result of a call: the status, and both streams without the name of the folder. */
  async outcome(...call: Parameters<ProgramPlace['run']>): Promise<readonly [number | undefined, string]> {
    const { status, stdout, stderr } = await this.run(...call);
    return [status, `${stdout}${stderr}`.replaceAll(this.root, '')];
  }
}
