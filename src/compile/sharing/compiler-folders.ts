import { isInside, type PathStyle, pathRules } from '../../util/paths.ts';

export interface FolderSearch {
  readonly style: PathStyle;
  /** The base directories. */
  readonly trees: readonly string[];
  /** All folders that the compiler says it searches, absolute. */
  readonly searched: readonly string[];
  /** Every folder that the call names, absolute. They are the user's. */
  readonly named: readonly string[];
  /** The folders of Microsoft's tools, as its prompt says. */
  readonly installed: readonly string[];
}

/** The variables of Microsoft's prompt that name its tools. INCLUDE names other folders as well. */
export const INSTALLATIONS = ['VCToolsInstallDir', 'WindowsSdkDir', 'UniversalCRTSdkDir'];

/**
 * By the Filesystem Hierarchy Standard, `/usr/local` belongs to the administrator, although clang searches it by
 * default.
 */
const LOCAL = '/usr/local';

/**
 * Whether a header comes with the compiler. Its macros are then taken to leave `__FILE__` alone. Without this rule
 * nobody who includes `assert.h` could share. The header must be in a folder that the compiler searches by default or
 * where Visual Studio is installed, outside every tree. Its name does not count.
 */
export function compilerHeaders(search: FolderSearch): (path: string) => boolean {
  const { normalize } = pathRules(search.style);
  const plain = (paths: readonly string[]) => paths.map((path) => normalize(path));
  const isIn = (folders: readonly string[], path: string) =>
    folders.some((folder) => isInside(search.style, folder, path));
  const [trees, named] = [plain(search.trees), plain(search.named)];
  const found = plain(search.searched).filter((folder) => !isIn([LOCAL, ...named], folder));
  const own = [...found, ...plain(search.installed)].filter((folder) => !isIn(trees, folder));
  // A user's folder below a folder of the compiler, as in `/I /usr/include/theirs`.
  const users = [...trees, ...named.filter((folder) => isIn(found, folder))];
  return (path) => {
    const file = normalize(path);
    return isIn(own, file) && !isIn(users, file);
  };
}
