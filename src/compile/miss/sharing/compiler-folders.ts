import { isInside, type PathStyle, pathRules } from '../../../util/paths.ts';

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

/** How far the macros of a header are taken to leave the path of a file where a search finds it. */
export type Trust =
  /** The C++ library, the compiler's own headers, and Microsoft's. */
  | 'whole'
  /** `assert.h`: the path is an argument of a function, unless a macro makes text of the whole assertion. */
  | 'asserts'
  /** Every other header, also one of the system: `sizeof(OPENSSL_FILE)` is a number. */
  | 'none';

/**
 * How far a header is trusted. Without trust nobody who includes `assert.h` could share. A trusted header is in a folder
 * that the compiler searches by default or where Visual Studio is installed, outside every tree, and no option names it.
 */
export function trustInHeaders(search: FolderSearch): (path: string) => Trust {
  const { basename, normalize } = pathRules(search.style);
  const plain = (paths: readonly string[]) => paths.map((path) => normalize(path));
  const isIn = (folders: readonly string[], path: string) =>
    folders.some((folder) => isInside(search.style, folder, path));
  const [trees, named] = [plain(search.trees), plain(search.named)];
  const found = plain(search.searched).filter((folder) => !isIn([LOCAL, ...named], folder));
  const isOutside = (folder: string) => !isIn(trees, folder);
  const libraries = [...found.filter((folder) => LIBRARY.test(folder)), ...plain(search.installed)].filter(
    isOutside,
  );
  const own = [...found.filter(isOutside), ...libraries];
  // A user's folder below a folder of the compiler, as in `/I /usr/include/theirs`.
  const users = [...trees, ...named.filter((folder) => isIn(found, folder))];
  return (path) => {
    const file = normalize(path);
    if (!isIn(own, file) || isIn(users, file)) return 'none';
    return TRUSTED_BY_NAME[basename(file).toLowerCase()] ?? (isIn(libraries, file) ? 'whole' : 'none');
  };
}

/** In a folder of the compiler only. `cdefs.h` says nothing of paths, and its macro that makes text is known by name. */
const TRUSTED_BY_NAME: Readonly<Record<string, Trust>> = {
  'assert.h': 'asserts',
  'crtdbg.h': 'asserts',
  'cdefs.h': 'whole',
};

/** Of the folders that clang searches: those of the C++ library and of clang's own headers. */
const LIBRARY = /[\\/](?:c\+\+|clang[\\/][\d.]+[\\/]include)(?:[\\/]|$)/;
