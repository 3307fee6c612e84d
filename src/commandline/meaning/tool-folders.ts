/** Folders of tools that options of clang-cl name, and in which it searches for files of fixed names. */
import type { CommandLineHost, ToolFolder } from '../compile-call.ts';
import type { LineOptions } from './line-options.ts';
import { isForMicrosoftTools, targetOf } from './target.ts';

/** clang reads the one that belongs to the current sanitizer, if it exists (`SanitizerArgs.cpp`). */
const SANITIZER_LISTS = [
  ...['asan', 'hwasan', 'memtag', 'msan', 'tsan', 'cfi', 'ubsan'].map((name) => `${name}_ignorelist.txt`),
  'dfsan_abilist.txt',
];
const RESOURCE_FOLDER = /-resource-dir=?$/;

/**
 * The default lists of sanitizers in the `-resource-dir` of the line. Without that option they are part of the
 * compiler.
 */
export function sanitizerLists({ special }: LineOptions): string[] {
  if (!special.some(({ row }) => row.name === 'fsanitize=' || row.name === 'fsanitize=address')) return [];
  const folders = special.filter(({ name }) => RESOURCE_FOLDER.test(name)).map(({ value }) => value);
  return folders.flatMap((folder) => SANITIZER_LISTS.map((name) => `${folder}/share/${name}`));
}

/** Where the line says that Visual Studio and the Windows SDK are. Undefined for a target other than Windows. */
export function toolFoldersOf(options: LineOptions, host: CommandLineHost): ToolFolder[] | undefined {
  if (!isForMicrosoftTools(targetOf(options, host))) return undefined;
  const folders: ToolFolder[] = [];
  for (const { row, value } of options.special) {
    const { name } = row;
    if (name === 'winsysroot' || name === 'vctoolsdir' || name === 'winsdkdir') {
      folders.push({ kind: name, path: value });
    }
  }
  return folders;
}
