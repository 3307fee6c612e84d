/** See `npm-ci.mjs`. */
export function npmCi(folder: string, options?: readonly string[]): string | undefined;
