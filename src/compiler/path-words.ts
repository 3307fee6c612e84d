/**
 * Words by which the text of a source takes paths of the machine into an object in a form that no search of the object
 * finds: shortened, counted, hashed. Each kind has its own way there.
 *
 * - `file`: the path of a file as it is. `__FILE_NAME__` and `__builtin_FILE_NAME` leave the folders out.
 * - `type`: names of types and functions, in which clang tells lambdas and unnamed types by their place
 *   (`(lambda at /tree/a.cpp:2:10)`), and what is made from such names or has them in it.
 * - `offload`: clang names what OpenMP may run elsewhere by the number that the source has in its file system.
 */
const WORDS = {
  file: /\b(?:__FILE__|__FILEW__|__BASE_FILE__|__builtin_FILE)\b/,
  type: /\b(?:(?:__builtin_)?source_location|__PRETTY_FUNCTION__|__L?FUNCSIG__|__builtin_FUNCSIG|__FUNCDNAME__|__builtin_(?:sycl_unique_stable_(?:name|id)|dump_struct))\b/,
  offload: /\bomp\b[^;]*\btarget\b/,
} as const satisfies Record<string, RegExp>;

export type PathWord = keyof typeof WORDS;

const KINDS = Object.keys(WORDS) as readonly PathWord[];

/** Which kinds of these words stand in a text, in comments too. */
export function pathWordsIn(text: string): PathWord[] {
  return KINDS.filter((kind) => WORDS[kind].test(text));
}
