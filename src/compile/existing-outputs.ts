import { baseName } from '../commandline/file-name.ts';
import { OUTPUT_SUFFIXES, type PossibleOutputs } from '../commandline/meaning/possible-outputs.ts';
import { foldName, listedSteps, namesIn } from '../files/folder-names.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { PathStyle } from '../util/paths.ts';

/** With fewer names the disk is asked for each: a folder may have ten thousand, which take as long as 4,000 questions. */
const FEWEST_TO_LIST = 250;
/** With more, it is asked for the folder first. */
const MOST_WITHOUT_FOLDER = 2;

/**
 * Those of the possible outputs that may be there, as absolute paths. A line of thirty words that nobody knows has 4,500
 * possible ones, nearly all of them in a few folders that are listed once each, or in folders that do not exist.
 */
export function existingOf({ paths, stems, sources }: PossibleOutputs, style: PathStyle): string[] {
  const folders = new Map<string, Set<string>>();
  const add = (path: string, suffixes: readonly string[]) => {
    const name = baseName(path, style);
    const folder = path.slice(0, path.length - name.length);
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names);
    for (const suffix of suffixes) names.add(name + suffix);
  };
  for (const path of paths) add(path, ITSELF);
  for (const stem of stems) add(stem, ENDINGS);
  const found = Array.from(folders, ([folder, names]) =>
    existingNames(folder, names, style).map((name) => `${folder}${name}`),
  );
  return found.flat().filter((path) => !sources.has(path));
}
const ITSELF = [''];
const ENDINGS = OUTPUT_SUFFIXES.map((suffix) => `.${suffix}`);

function existingNames(folder: string, names: ReadonlySet<string>, style: PathStyle): string[] {
  const all = [...names];
  if (all.length > MOST_WITHOUT_FOLDER && !statIfThere(folder)) return [];
  const listed = all.length < FEWEST_TO_LIST ? undefined : namesIn(folder);
  return listed
    ? all.filter((name) => listed.has(foldName(name)) || listedSteps(style, name) === undefined)
    : all;
}
