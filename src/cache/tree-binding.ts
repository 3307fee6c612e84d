import { type Digest, digestOfParts } from '../hash/digest.ts';
import { asBuffer } from '../util/as-buffer.ts';
import { withoutVerbatimPrefix } from '../util/paths.ts';
import type { TreeRoots } from './base-directory.ts';

/**
 * Decides whether an artifact may be given to another tree. An object can hold a path (debug information, `__FILE__`)
 * that differs from tree to tree. Such an artifact is bound to the roots of its tree. `spellings` are other spellings
 * of the base directories on the command line.
 */
export function bindingOfTree(roots: TreeRoots, spellings: readonly string[]): Digest {
  const folders = [roots.workingDirectory, ...roots.baseDirectories];
  return digestOfParts(['tree', String(folders.length), ...folders, ...spellings]);
}

/**
 * True if the bytes contain a folder of the tree in any form that we know: UTF-8, UTF-16, either slash, and on Windows
 * any case, with and without `\\?\`.
 */
export function mentionsTree(roots: TreeRoots, bytes: Uint8Array): boolean {
  const buffer = asBuffer(bytes);
  if (roots.style === 'posix') return needlesOf(roots).some((needle) => buffer.includes(needle));
  return needlesOf(roots).some((needle) => includesInAnyCase(buffer, needle));
}

/**
 * True if the tree cannot be searched for in an output. On Windows a name outside ASCII may be written in any code
 * page, and a name with a `~` may be an 8.3 name that the compiler writes in its long form. Such trees never share.
 */
export function isUnreadableTree(roots: TreeRoots): boolean {
  return roots.style === 'win32' && rootFolders(roots).some((folder) => /[^ -}]/.test(folder));
}

/** How many bytes two pieces of a large file must overlap, so that no folder is missed where they meet. */
export function longestMention(roots: TreeRoots): number {
  return Math.max(0, ...needlesOf(roots).map((needle) => needle.length));
}

function rootFolders(roots: TreeRoots): string[] {
  return [...new Set([roots.workingDirectory, ...roots.baseDirectories])];
}

function needlesOf(roots: TreeRoots): Buffer[] {
  const needles: Buffer[] = [];
  for (const root of rootFolders(roots)) {
    // One separator before the name of a server, because `\\?\UNC\server` has only one.
    const folder = roots.style === 'win32' ? withoutVerbatimPrefix(root).replace(/^\\\\/, '\\') : root;
    const forms = new Set([folder, folder.replaceAll('\\', '/'), folder.replaceAll('\\', '\\\\')]);
    for (const form of forms) needles.push(Buffer.from(form, 'utf8'), Buffer.from(form, 'utf16le'));
  }
  return needles;
}

/**
 * As `includes`, with ASCII letters in either case. Only the longest part without letters, such as `:\\`, is searched for in
 * all the bytes, and the rest is compared where it stands: a copy in small letters of 250 MB takes over a second.
 */
function includesInAnyCase(bytes: Buffer, needle: Buffer): boolean {
  const { at: before, part } = longestWithoutLetters(needle);
  if (part.length === 0) return smallLetters(bytes).includes(smallLetters(needle));
  for (let at = bytes.indexOf(part); at >= 0; at = bytes.indexOf(part, at + 1)) {
    const start = at - before;
    if (start < 0 || start + needle.length > bytes.length) continue;
    if (needle.every((byte, index) => smallLetter(byte) === smallLetter(bytes[start + index] ?? 0)))
      return true;
  }
  return false;
}

/** Empty only for a folder without a separator. */
function longestWithoutLetters(needle: Buffer): { readonly at: number; readonly part: Buffer } {
  let best = { at: 0, part: needle.subarray(0, 0) };
  for (let at = 0, end = 0; at < needle.length; at = end + 1) {
    for (end = at; end < needle.length && !isLetter(needle[end] ?? 0); ) end += 1;
    if (end - at > best.part.length) best = { at, part: needle.subarray(at, end) };
  }
  return best;
}

function smallLetters(bytes: Buffer): string {
  return bytes.toString('latin1').toLowerCase();
}

function isLetter(byte: number): boolean {
  return smallLetter(byte) >= 97 && smallLetter(byte) <= 122;
}

function smallLetter(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
