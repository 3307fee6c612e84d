/** Programs that a wrapper may start before the compiler, with the libraries that the system loads for them. */
import { statIfThere } from '../../util/file-stat.ts';
import { hashFile } from './compiler-files.ts';
import { type CompilerFile, type CompilerLookup, isUntouched } from './compiler-record.ts';
import { loadedLibraries, type SearchedPlaces, searchedPlaces } from './loaded-libraries.ts';
import type { Reference } from './wrapper-references.ts';

/** The libraries of all programs, and the places where the loader would find others. */
export interface ProgramParts extends SearchedPlaces {
  readonly libraries: readonly CompilerFile[];
}

/** As they are now. No program is started for it. */
export async function partsOfPrograms(
  lookup: CompilerLookup,
  references: readonly Reference[],
): Promise<ProgramParts> {
  const libraries: CompilerFile[] = [];
  const folders: CompilerFile[] = [];
  const absent: string[] = [];
  for (const { file, isPart, isText } of references) {
    const loaded = file && isPart && !isText && (await loadedLibraries({ ...lookup, compiler: file.path }));
    if (!loaded) continue;
    const places = searchedPlaces(loaded, lookup);
    folders.push(...places.folders);
    absent.push(...places.absent);
    libraries.push(...loaded.parts.filter((path) => statIfThere(path)?.isFile()).map(hashFile));
  }
  return { libraries, folders, absent };
}

/** Whether the loader would still take the same libraries. */
export function areAsTheyWere({ libraries, folders, absent }: ProgramParts): boolean {
  return isUntouched([...libraries, ...folders], absent);
}
