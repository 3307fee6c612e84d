import type { TreeRoots } from './base-directory.ts';

/**
 * Text that a compile writes (notes, diagnostics, dependency files) names the tree. The stored text has the base
 * directories cut out. A splice says where one was, which one, and how it was spelled.
 */
export interface Splice {
  /** The offset in the stored bytes. */
  readonly at: number;
  /** The number of the base directory. */
  readonly base: number;
  readonly form: SpellingForm;
  /** The text that was cut out (as Latin-1), if the form does not determine it: Windows paths in mixed case. */
  readonly spelled?: string;
}

/** How a text can spell a path. Each is a pure function of the path, so that it can be undone and repeated. */
const SPELLINGS = {
  plain: (path: string) => path,
  slashes: (path: string) => path.replaceAll('\\', '/'),
  /** In JSON and in C strings. */
  escaped: (path: string) => path.replaceAll('\\', '\\\\'),
  /** In a make rule: clang escapes blanks and `#`, and doubles `$`. */
  make: forMake,
  makeSlashes: (path: string) => forMake(path.replaceAll('\\', '/')),
  lower: (path: string) => path.toLowerCase(),
  /** cl's `/sourceDependencies` writes paths in small letters into JSON. */
  lowerEscaped: (path: string) => path.toLowerCase().replaceAll('\\', '\\\\'),
} as const satisfies Record<string, (path: string) => string>;
export type SpellingForm = keyof typeof SPELLINGS;

/** The most splices of one text. Each takes hundreds of bytes of memory. */
export const MAXIMUM_SPLICES = 65_536;

export interface CutText {
  readonly bytes: Uint8Array;
  readonly splices: readonly Splice[];
}

/** The kind of text. In a make rule, the folder of another tree may need escapes that this one does not need. */
export type TextGrammar = 'text' | 'make';

/**
 * Cuts every base directory out of a text. If there are too many, nothing is cut and the text stays bound to its tree.
 * The text is not decoded.
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
    if (hit.start < position) continue; // inside a longer base directory that was cut already
    kept.push(text.slice(position, hit.start));
    length += hit.start - position;
    const { base, form, spelled } = hit;
    splices.push({ at: length, base, form, ...(spelled === undefined ? {} : { spelled }) });
    position = hit.end;
  }
  kept.push(text.slice(position));
  return { bytes: Buffer.from(kept.join(''), 'latin1'), splices };
}

/** Puts the base directories of the current tree into a text. Undefined if one of them is not set. */
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

/** Splices from JSON. Undefined if a field has the wrong shape or there are too many. */
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

/**
 * All places of base directories, in order. Of several at one place the longest comes first, then the exact spelling.
 */
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
 * `/tree` must not be found in `/other/tree`. A place that is missed does no harm: the search for mentions of the tree
 * finds it, and the text is not shared.
 */
function beginsPath(text: string, start: number): boolean {
  const before = text[start - 1];
  if (before === undefined) return true;
  const hasDrive = /[a-z]/i.test(text[start] ?? '');
  if (isColoured(text, start)) return true;
  return hasDrive ? !/[\w\x80-\xff]/.test(before) : /[ \t\r\n\v\f"'(<>[{:=,;|*]/.test(before);
}

/** True after an escape sequence for a colour of the terminal. */
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

/**
 * Every form that a text of this kind may use, the likelier first. If two forms give the same text, the first one
 * counts.
 */
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

/** The UTF-8 bytes of a text, one character each. */
function latin1Of(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
