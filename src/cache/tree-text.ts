import type { TreeRoots } from './base-directory.ts';

/**
 * Text that a compile writes (notes, diagnostics, dependency files) names the tree it was made in. What is stored has
 * the base directories cut out; a splice says where one stood, which one, and how it was spelled there.
 */
export interface Splice {
  /** Offset in the stored (cut) bytes. */
  readonly at: number;
  /** Number of the base directory. */
  readonly base: number;
  readonly form: SpellingForm;
}

/** How a path can be spelled inside a text. Each is a pure function of the path, so that it can be undone and redone. */
const SPELLINGS = {
  plain: (path: string) => path,
  slashes: (path: string) => path.replaceAll('\\', '/'),
  /** Inside JSON and C strings. */
  escaped: (path: string) => path.replaceAll('\\', '\\\\'),
  /** In a make rule: clang escapes blanks and `#`, and doubles `$`. */
  make: (path: string) => path.replace(/[ #]/g, '\\$&').replaceAll('$', '$$$$'),
  lower: (path: string) => path.toLowerCase(),
  /** cl's `/sourceDependencies` writes lower-case paths in JSON. */
  lowerEscaped: (path: string) => path.toLowerCase().replaceAll('\\', '\\\\'),
} as const;
export type SpellingForm = keyof typeof SPELLINGS;

export interface CutText {
  readonly bytes: Uint8Array;
  readonly splices: readonly Splice[];
}

/** Cuts every base directory out of a text. The text itself is not decoded: bytes stay bytes. */
export function cutTree(roots: TreeRoots, bytes: Uint8Array): CutText {
  if (roots.baseDirectories.length === 0 || bytes.length === 0) return { bytes, splices: [] };
  const text = Buffer.from(bytes).toString('latin1');
  const found = findSpellings(roots, text);
  if (found.length === 0) return { bytes, splices: [] };
  const kept: string[] = [];
  const splices: Splice[] = [];
  let position = 0;
  let length = 0;
  for (const hit of found) {
    if (hit.start < position) continue; // lies inside a longer base directory that was cut already
    kept.push(text.slice(position, hit.start));
    length += hit.start - position;
    splices.push({ at: length, base: hit.base, form: hit.form });
    position = hit.end;
  }
  kept.push(text.slice(position));
  return { bytes: Buffer.from(kept.join(''), 'latin1'), splices };
}

/** Puts the base directories of the tree at hand where splices say. Undefined when one of them is not set here. */
export function joinTree(roots: TreeRoots, cut: CutText): Uint8Array | undefined {
  if (cut.splices.length === 0) return cut.bytes;
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { at, base, form } of cut.splices) {
    const directory = roots.baseDirectories[base];
    if (directory === undefined || at < position || at > cut.bytes.length) return undefined;
    parts.push(cut.bytes.subarray(position, at), Buffer.from(SPELLINGS[form](directory)));
    position = at;
  }
  parts.push(cut.bytes.subarray(position));
  return Buffer.concat(parts);
}

/** Splices as they come out of JSON; undefined unless every field is of its shape. */
export function decodeSplices(json: unknown): readonly Splice[] | undefined {
  if (json === undefined) return [];
  if (!Array.isArray(json)) return undefined;
  const splices: Splice[] = [];
  for (const item of json) {
    const { at, base, form } = item ?? {};
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(base) || !Object.hasOwn(SPELLINGS, form))
      return undefined;
    splices.push({ at, base, form });
  }
  return splices;
}

interface FoundSpelling {
  readonly start: number;
  readonly end: number;
  readonly base: number;
  readonly form: SpellingForm;
}

function findSpellings(roots: TreeRoots, text: string): FoundSpelling[] {
  const ignoreCase = roots.style === 'win32';
  const haystack = ignoreCase ? text.toLowerCase() : text;
  const found: FoundSpelling[] = [];
  for (const [base, directory] of roots.baseDirectories.entries()) {
    for (const { form, needle, lower } of spellingsOf(roots.style, directory)) {
      const wanted = ignoreCase ? lower : needle;
      for (let start = haystack.indexOf(wanted); start >= 0; start = haystack.indexOf(wanted, start + 1)) {
        const end = start + wanted.length;
        if (!continuesName(text, end) && isSpelledSo(text, start, end, form, directory)) {
          found.push({ start, end, base, form });
        }
      }
    }
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** `/tree` must not be found in `/tree2` or `/tree.old`. */
function continuesName(text: string, end: number): boolean {
  return /[\w.-]/.test(text[end] ?? '');
}

/** Where case is ignored, a spelling that is all lower case is told from one that keeps the case of the path. */
function isSpelledSo(
  text: string,
  start: number,
  end: number,
  form: SpellingForm,
  directory: string,
): boolean {
  const isLowerForm = form === 'lower' || form === 'lowerEscaped';
  if (!isLowerForm) return true;
  const spelled = text.slice(start, end);
  return spelled === spelled.toLowerCase() && directory !== directory.toLowerCase();
}

function spellingsOf(style: TreeRoots['style'], directory: string) {
  const forms: SpellingForm[] =
    style === 'win32' ? ['lower', 'lowerEscaped', 'plain', 'slashes', 'escaped', 'make'] : ['plain', 'make'];
  const seen = new Set<string>();
  const spellings: { form: SpellingForm; needle: string; lower: string }[] = [];
  for (const form of forms) {
    const needle = Buffer.from(SPELLINGS[form](directory)).toString('latin1');
    if (seen.has(needle)) continue;
    seen.add(needle);
    spellings.push({ form, needle, lower: needle.toLowerCase() });
  }
  return spellings;
}
