/** The sources that are compiled, with real system headers, and the options that they are compiled with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from '../../bin/dev/find-compiler.ts';
import { type Command, runOnce } from './measure.ts';

export interface SourceSet {
  /** Names relative to the workspace, with forward slashes. */
  readonly names: readonly string[];
  /** How many headers the compiler reports for the first of them. */
  readonly headers: number;
}

/** About 150 headers, and a compile as long as one of real C++. */
const CPP_HEADERS = ['vector', 'string', 'map', 'set'];
/** About 20 headers. */
const FEW_HEADERS = ['utility', 'cstddef'];
/** About 150 headers that compile fast, so that a cache can be filled with hundreds of sources in seconds. */
const C_HEADERS_LINUX =
  'stdio.h stdlib.h string.h sys/socket.h netinet/in.h arpa/inet.h netdb.h unistd.h fcntl.h errno.h signal.h time.h pthread.h sys/stat.h sys/wait.h sys/mman.h sys/epoll.h poll.h math.h wchar.h';
const C_HEADERS_WINDOWS = 'stdio.h stdlib.h string.h windows.h';

/** Debian's clang-cl has no Windows headers. With the machine's own target it uses those of the system. */
export function compileOptions({ kind }: Pick<Compiler, 'kind'>): string[] {
  const onLinux = kind === 'clang-cl' && process.platform !== 'win32';
  return ['-nologo', '-c', '-EHsc', ...(onLinux ? ['--target=x86_64-pc-linux-gnu'] : [])];
}

export const manyHeaderText = (seed: string): string => text(CPP_HEADERS, 'cpp', seed);
export const fewHeaderText = (seed: string): string => text(FEW_HEADERS, 'cpp', seed);
export const manyPlainHeaderText = (seed: string): string => {
  const headers = process.platform === 'win32' ? C_HEADERS_WINDOWS : C_HEADERS_LINUX;
  return text(headers.split(' '), 'c', seed);
};

/** Writes the sources. Each has other contents, as in real projects. */
export function writeSources(
  directory: string,
  folder: string,
  options: { readonly count: number; readonly suffix: string; readonly text: (seed: string) => string },
): string[] {
  mkdirSync(join(directory, folder), { recursive: true });
  return Array.from({ length: options.count }, (_, index) => {
    const name = `s${String(index).padStart(3, '0')}`;
    const path = `${folder}/${name}.${options.suffix}`;
    writeFileSync(join(directory, path), options.text(name));
    return path;
  });
}

/** How many different files the compiler says it includes. */
export function countHeaders(compile: Command): number {
  const { stdout, stderr } = runOnce({ ...compile, words: [...compile.words, '-showIncludes'] });
  const notes = `${stdout}\n${stderr}`.matchAll(/^[^:\n]+: [^:\n]+: +(\S.*?)\r?$/gm);
  return new Set([...notes].map(([, path]) => path)).size;
}

function text(headers: readonly string[], language: 'c' | 'cpp', seed: string): string {
  const includes = headers.map((header) => `#include <${header}>\n`).join('');
  const body =
    language === 'c'
      ? `int ${seed}(int n) { return n + ${seed.length}; }\n`
      : `int ${seed}(std::size_t n) { return static_cast<int>(n) + ${seed.length}; }\n`;
  return `// ${seed}\n${includes}${body}`;
}
