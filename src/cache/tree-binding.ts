import { type Digest, digestOfParts } from '../hash/digest.ts';
import { withoutVerbatimPrefix } from '../util/paths.ts';
import type { TreeRoots } from './base-directory.ts';

/**
 * Whether an artifact may serve another tree than the one that it was made in. A path inside an object file (debug
 * information, `__FILE__`) differs from tree to tree, so such an artifact is bound to its roots. We do not reason
 * about what the options embed: we look into what the compiler wrote. `spellings` are other ones of the base directories
 * that the line uses.
 */
export function bindingOfTree(roots: TreeRoots, spellings: readonly string[]): Digest {
  const folders = [roots.workingDirectory, ...roots.baseDirectories];
  return digestOfParts(['tree', String(folders.length), ...folders, ...spellings]);
}

/**
 * True when bytes hold one of the tree's folders in any form we know: UTF-8, UTF-16, either slash, and on Windows in any
 * case, with and without `\\?\`.
 */
export function mentionsTree(roots: TreeRoots, bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (roots.style === 'posix') return needlesOf(roots).some((needle) => buffer.includes(needle));
  const lower = lowerCaseCopy(buffer);
  return needlesOf(roots).some((needle) => lower.includes(lowerCaseCopy(needle)));
}

/**
 * On Windows a folder's name outside ASCII may be written in any code page, and one with a `~` may be an 8.3 name, of
 * which the compiler may write the long form: their artifacts are never shared.
 */
export function isUnreadableTree(roots: TreeRoots): boolean {
  return roots.style === 'win32' && rootFolders(roots).some((folder) => /[^ -}]/.test(folder));
}

/** Bytes that another piece of a large file must overlap, so that no folder is cut in two unseen. */
export function longestMention(roots: TreeRoots): number {
  return Math.max(0, ...needlesOf(roots).map((needle) => needle.length));
}

function rootFolders(roots: TreeRoots): string[] {
  return [...new Set([roots.workingDirectory, ...roots.baseDirectories])];
}

function needlesOf(roots: TreeRoots): Buffer[] {
  const needles: Buffer[] = [];
  for (const root of rootFolders(roots)) {
    // One separator before a server's name: `\\?\UNC\server` has no other.
    const folder = roots.style === 'win32' ? withoutVerbatimPrefix(root).replace(/^\\\\/, '\\') : root;
    const forms = new Set([folder, folder.replaceAll('\\', '/'), folder.replaceAll('\\', '\\\\')]);
    for (const form of forms) needles.push(Buffer.from(form, 'utf8'), Buffer.from(form, 'utf16le'));
  }
  return needles;
}

function lowerCaseCopy(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let index = 0; index < copy.length; index++) {
    const byte = copy[index] ?? 0;
    if (byte >= 65 && byte <= 90) copy[index] = byte + 32;
  }
  return copy;
}
