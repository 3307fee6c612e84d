/** Folders of tools that options of clang-cl name, in which it finds files by names of its own. */
import type { ToolFolder } from './compile-call.ts';
import type { OptionItem } from './items.ts';

/** Clang reads the one that belongs to the sanitizer at hand, if it is there (`SanitizerArgs.cpp`). */
const SANITIZER_LISTS = [
  ...['asan', 'hwasan', 'memtag', 'msan', 'tsan', 'cfi', 'ubsan'].map((name) => `${name}_ignorelist.txt`),
  'dfsan_abilist.txt',
];
const RESOURCE_FOLDER = /-resource-dir=?$/;

/** What sanitizers leave out by default, in the `-resource-dir` of the line. Without one it is part of the compiler. */
export function sanitizerLists(options: readonly OptionItem[]): string[] {
  if (!options.some(({ row }) => row.name === 'fsanitize=' || row.name === 'fsanitize=address')) return [];
  const folders = options.filter(({ name }) => RESOURCE_FOLDER.test(name)).map(({ value }) => value);
  return folders.flatMap((folder) => SANITIZER_LISTS.map((name) => `${folder}/share/${name}`));
}

/** Where the line says that Visual Studio and the Windows SDK are; undefined for a target other than Windows. */
export function toolFoldersOf(options: readonly OptionItem[]): ToolFolder[] | undefined {
  const targets = options.filter(({ row }) => row.name === '-target=' || row.name === 'target');
  // Words that are handed on come after all others.
  const last = targets.findLast(({ level }) => level === 'driver') ?? targets.at(-1);
  const target = last?.value ?? 'windows';
  if (!/windows|win32/i.test(target)) return undefined;
  const folders: ToolFolder[] = [];
  for (const { row, value } of options) {
    const { name } = row;
    if (name === 'winsysroot' || name === 'vctoolsdir' || name === 'winsdkdir') {
      folders.push({ kind: name, path: value });
    }
  }
  return folders;
}
