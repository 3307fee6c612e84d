interface Answer {
  readonly status: number;
}

/** WebDAV's answer to who makes a folder that is there. */
const IS_THERE = 405;
/** Its answer where the folder above is missing. Some say 404 or, as for files, 500. */
const ABOVE_IS_MISSING: ReadonlySet<number> = new Set([404, 409, 500]);

/**
 * Makes a folder, and those above it that are missing, up to the top of the server: only as many as must be asked for.
 * Returns what to tell the user if the server did not make it.
 */
export async function makeFolders(
  folder: URL,
  make: (folder: URL) => Promise<Answer>,
): Promise<string | undefined> {
  let { status } = await make(folder);
  if (ABOVE_IS_MISSING.has(status) && folder.pathname !== '/') {
    const above = await makeFolders(new URL('..', folder), make);
    if (above !== undefined) return above;
    ({ status } = await make(folder));
  }
  if ((status >= 200 && status < 300) || status === IS_THERE) return undefined;
  return `MKCOL of ${folder.pathname} was answered with ${status}: make that folder, or have the server make folders (nginx: create_full_put_path on)`;
}
