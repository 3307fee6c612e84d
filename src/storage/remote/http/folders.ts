interface Answer {
  readonly status: number;
}

/** WebDAV's answer where the folder above is missing. Some say 404 or, as for files, 500. */
const ABOVE_IS_MISSING: ReadonlySet<number> = new Set([404, 409, 500]);

/** How the last question for a folder ended. */
export interface MadeFolder {
  readonly folder: URL;
  readonly status: number;
}

/**
 * Makes a folder, and those above it that are missing, up to the top of the server: only as many as must be asked for.
 * A folder that is there is answered with 405, and so is MKCOL by a server that does not know it: what is put into the
 * folder shows which it was.
 */
export async function makeFolders(folder: URL, make: (folder: URL) => Promise<Answer>): Promise<MadeFolder> {
  const { status } = await make(folder);
  if (!ABOVE_IS_MISSING.has(status) || folder.pathname === '/') return { folder, status };
  const above = await makeFolders(new URL('..', folder), make);
  if (ABOVE_IS_MISSING.has(above.status)) return above;
  return { folder, status: (await make(folder)).status };
}

/** What a user can do where a folder could not be made. */
export function adviceOn({ folder, status }: MadeFolder): string {
  return `MKCOL of ${folder.pathname} was answered with ${status}: if it is missing, make it, or have the server make folders (nginx: create_full_put_path on)`;
}
