import { isInside, type PathStyle, pathRules } from '../../util/paths.ts';

export interface FolderSearch {
  readonly style: PathStyle;
  /** Base folders. */
  readonly trees: readonly string[];
  /** All folders that the compiler says it searches, absolute. */
  readonly searched: readonly string[];
  /** What the call names in any way, absolute: folders of the user. */
  readonly named: readonly string[];
  /** Where Microsoft's prompts say that its tools are installed. */
  readonly installed: readonly string[];
}

/** The variables that say so. INCLUDE leads there as well, and elsewhere. */
export const INSTALLATIONS = ['VCToolsInstallDir', 'WindowsSdkDir', 'UniversalCRTSdkDir'];

/** By the Filesystem Hierarchy Standard, what is here is the administrator's, though clang searches it unasked. */
const LOCAL = '/usr/local';

/**
 * Whether a header comes with the compiler: then its macros leave `__FILE__` where a search finds it, or nowhere. Without
 * such headers nobody who includes `assert.h` could share. They are told by what the compiler says that it searches of
 * its own accord, and by where Visual Studio is installed; never by a name, and none of them is in a tree.
 */
export function compilerHeaders(search: FolderSearch): (path: string) => boolean {
  const { normalize } = pathRules(search.style);
  const plain = (paths: readonly string[]) => paths.map((path) => normalize(path));
  const isIn = (folders: readonly string[], path: string) =>
    folders.some((folder) => isInside(search.style, folder, path));
  const [trees, named] = [plain(search.trees), plain(search.named)];
  const found = plain(search.searched).filter((folder) => !isIn([LOCAL, ...named], folder));
  const own = [...found, ...plain(search.installed)].filter((folder) => !isIn(trees, folder));
  // A folder of the user below one of the compiler, as `/I /usr/include/theirs`.
  const users = [...trees, ...named.filter((folder) => isIn(found, folder))];
  return (path) => {
    const file = normalize(path);
    return isIn(own, file) && !isIn(users, file);
  };
}
