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
  /** What stood there (as Latin-1), where the form does not tell it: Windows paths in some mixture of cases. */
  readonly spelled?: string;
}

/** How a path can be spelled inside a text. Each is a pure function of the path, so that it can be undone and redone. */
const SPELLINGS = {
  plain: (path: string) => path,
  slashes: (path: string) => path.replaceAll('\\', '/'),
  /** Inside JSON and C strings. */
  escaped: (path: string) => path.replaceAll('\\', '\\\\'),
  /** In a make rule: clang escapes blanks and `#`, and doubles `$`. */
  make: forMake,
  makeSlashes: (path: string) => forMake(path.replaceAll('\\', '/')),
  lower: (path: string) => path.toLowerCase(),
  /** cl's `/sourceDependencies` writes lower-case paths in JSON. */
  lowerEscaped: (path: string) => path.toLowerCase().replaceAll('\\', '\\\\'),
} as const satisfies Record<string, (path: string) => string>;
export type SpellingForm = keyof typeof SPELLINGS;

/** Of one text: each takes up hundreds of bytes in memory. */
export const MAXIMUM_SPLICES = 65_536;

export interface CutText {
  readonly bytes: Uint8Array;
  readonly splices: readonly Splice[];
}

/** What a text is: in a make rule, another tree's folder may need escapes that this one's does not. */
export type TextGrammar = 'text' | 'make';

/**
 * Cuts every base directory out of a text, unless it is there too often: then the text stays this tree's. The text itself
 * is not decoded: bytes stay bytes.
 */
export function cutTree(roots: TreeRoots, bytes: Uint8Array, grammar: TextGrammar = 'text'): CutText {
  if (roots.baseDirectories.length === 0 || bytes.length === 0) return { bytes, splices: [] };
  const text = Buffer.from(bytes).toString('latin1');
  const found = findSpellings(roots, text, grammar);
  if (found.length === 0 || found.length > MAXIMUM_SPLICES) return { bytes, splices: [] };
  const kept: string[] = [];
  const splices: Splice[] = [];
  let position = 0;
  let length = 0;
  for (const hit of found) {
    if (hit.start < position) continue; // lies inside a longer base directory that was cut already
    kept.push(text.slice(position, hit.start));
    length += hit.start - position;
    const { base, form, spelled } = hit;
    splices.push({ at: length, base, form, ...(spelled === undefined ? {} : { spelled }) });
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
  for (const { at, base, form, spelled } of cut.splices) {
    const directory = roots.baseDirectories[base];
    if (directory === undefined || at < position || at > cut.bytes.length) return undefined;
    const here = latin1Of(SPELLINGS[form](directory));
    const isSameTree = spelled !== undefined && lowerAscii(spelled) === lowerAscii(here);
    parts.push(cut.bytes.subarray(position, at), Buffer.from(isSameTree ? spelled : here, 'latin1'));
    position = at;
  }
  parts.push(cut.bytes.subarray(position));
  return Buffer.concat(parts);
}

/** Splices as they come out of JSON; undefined unless every field is of its shape, and there are not too many. */
export function decodeSplices(json: unknown): readonly Splice[] | undefined {
  if (json === undefined) return [];
  if (!Array.isArray(json) || json.length > MAXIMUM_SPLICES) return undefined;
  const splices: Splice[] = [];
  for (const item of json) {
    const { at, base, form, spelled } = item ?? {};
    if (spelled !== undefined && typeof spelled !== 'string') return undefined;
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(base) || !Object.hasOwn(SPELLINGS, form))
      return undefined;
    splices.push({ at, base, form, ...(spelled === undefined ? {} : { spelled }) });
  }
  return splices;
}

interface FoundSpelling {
  readonly start: number;
  readonly end: number;
  readonly base: number;
  readonly form: SpellingForm;
  readonly spelled: string | undefined;
}

/** In order of where they start; of several at one place the longest, and of these the one that is spelled exactly. */
function findSpellings(roots: TreeRoots, text: string, grammar: TextGrammar): FoundSpelling[] {
  const ignoreCase = roots.style === 'win32';
  const haystack = ignoreCase ? lowerAscii(text) : text;
  const found: FoundSpelling[] = [];
  for (const [base, directory] of roots.baseDirectories.entries()) {
    for (const { form, needle } of spellingsOf(roots.style, directory, grammar)) {
      const wanted = ignoreCase ? lowerAscii(needle) : needle;
      for (let start = haystack.indexOf(wanted); start >= 0; start = haystack.indexOf(wanted, start + 1)) {
        const end = start + wanted.length;
        if (!beginsPath(text, start) || !endsName(roots.style, text, end)) continue;
        const spelled = text.slice(start, end);
        found.push({ start, end, base, form, spelled: spelled === needle ? undefined : spelled });
      }
    }
  }
  return found.sort(
    (a, b) => a.start - b.start || b.end - a.end || Number(!!a.spelled) - Number(!!b.spelled),
  );
}

/**
 * `/tree` must not be found in `/other/tree`. What is left in a text in case of doubt does no harm: whoever looks for
 * mentions of the tree finds it there, and the text is not shared.
 */
function beginsPath(text: string, start: number): boolean {
  const before = text[start - 1];
  if (before === undefined) return true;
  const hasDrive = /[a-z]/i.test(text[start] ?? '');
  if (isColoured(text, start)) return true;
  return hasDrive ? !/[\w\x80-\xff]/.test(before) : /[ \t\r\n\v\f"'(<>[{:=,;|*]/.test(before);
}

/** True behind what gives the text that follows a colour on a terminal. */
function isColoured(text: string, start: number): boolean {
  if (text[start - 1] !== 'm') return false;
  const before = text.slice(Math.max(0, start - LONGEST_COLOUR), start);
  const begin = before.lastIndexOf('\u001b');
  return begin >= 0 && /^\[[\d;]*m$/.test(before.slice(begin + 1));
}
const LONGEST_COLOUR = 16;

/** `/tree` must not be found in `/tree2`, `/tree.old`, `/tree (copy)` or, in a make rule, `/tree\ (copy)`. */
function endsName(style: TreeRoots['style'], text: string, end: number): boolean {
  const after = text[end];
  if (after === undefined) return true;
  if (after === '\\') return style === 'win32' && !/[ #]/.test(text[end + 1] ?? '');
  return /[/\r\n\t"'<>:|)]/.test(after);
}

/** Every form that a text of this kind may use, the likelier first: equal spellings go by the first. */
const FORMS: Readonly<Record<TreeRoots['style'], Readonly<Record<TextGrammar, readonly SpellingForm[]>>>> = {
  win32: {
    text: ['plain', 'slashes', 'escaped', 'make', 'makeSlashes', 'lower', 'lowerEscaped'],
    make: ['make', 'makeSlashes'],
  },
  posix: { text: ['plain', 'make'], make: ['make'] },
};

function spellingsOf(style: TreeRoots['style'], directory: string, grammar: TextGrammar) {
  const forms = FORMS[style][grammar];
  const spellings = new Map<string, SpellingForm>();
  for (const form of forms) {
    const needle = latin1Of(SPELLINGS[form](directory));
    if (!spellings.has(needle)) spellings.set(needle, form);
  }
  return Array.from(spellings, ([needle, form]) => ({ needle, form }));
}

function forMake(path: string): string {
  return path.replace(/[ #]/g, '\\$&').replaceAll('$', '$$$$');
}

/** The bytes of a text in UTF-8, one character for each. */
function latin1Of(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
