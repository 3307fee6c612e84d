interface Answer {
  readonly status: number;
}

/** WebDAV's status if the folder above is missing. Some servers say 404 or, as for files, 500. */
const ABOVE_IS_MISSING: ReadonlySet<number> = new Set([404, 409, 500]);

/** How the last request for a folder ended. */
export interface MadeFolder {
  readonly folder: URL;
  readonly status: number;
}

/**
 * Makes a folder and the missing ones above it, with as few requests as possible. 405 is the answer for an existing
 * folder, and also the answer of a server without MKCOL. A PUT into the folder shows which of the two it was.
 */
export async function makeFolders(folder: URL, make: (folder: URL) => Promise<Answer>): Promise<MadeFolder> {
  const { status } = await make(folder);
  if (!ABOVE_IS_MISSING.has(status) || folder.pathname === '/') return { folder, status };
  const above = await makeFolders(new URL('..', folder), make);
  if (ABOVE_IS_MISSING.has(above.status)) return above;
  return { folder, status: (await make(folder)).status };
}

/** What a user can do if a folder could not be made. */
export function adviceOn({ folder, status }: MadeFolder): string {
  return `MKCOL of ${folder.pathname} was answered with ${status}: if it is missing, make it, or have the server make folders (nginx: create_full_put_path on)`;
}
