import { environmentValue } from '../../util/environment.ts';
import { folderSeparator, splitList } from '../../util/paths.ts';
import type { Session } from '../session.ts';

/**
 * The header folders that options and variables name, absolute. A file among them is a header map for clang (`-I
 * x.hmap`).
 */
export function searchedFolders(session: Pick<Session, 'request' | 'compiler' | 'tree'>): string[] {
  const { tree, compiler } = session;
  const { call } = session.request;
  const fromVariables = call.searchVariables.flatMap((name) => {
    const value = environmentValue(compiler.environment, tree.roots.style, name);
    return splitList(value, folderSeparator(tree.roots.style));
  });
  const named = [...call.searchDirectories.map(({ path }) => path), ...fromVariables];
  return named.map((folder) => tree.absolute(folder));
}
