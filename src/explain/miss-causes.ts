/** Why a source was not served from the cache, and the words for it. */

/**
 * A cause of a miss. What a lookup finds by itself, and what a comparison with an earlier call of the source adds. Paths
 * are absolute, or as a command line spells them.
 */
export type MissCause =
  /** Nothing is stored under this key. A comparison replaces it by what makes the key another one. */
  | { readonly kind: 'newKey' }
  | { readonly kind: 'first' }
  /** There were earlier calls, which made room for later ones. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'optionAdded'; readonly option: string; readonly variable?: string }
  | { readonly kind: 'optionRemoved'; readonly option: string; readonly variable?: string }
  | {
      readonly kind: 'optionChanged';
      readonly option: string;
      readonly before: string;
      readonly variable?: string;
    }
  | { readonly kind: 'optionOrder'; readonly option: string; readonly after: string }
  | { readonly kind: 'outputName'; readonly role: string; readonly name: string; readonly before: string }
  | { readonly kind: 'variable'; readonly name: string; readonly value?: string; readonly before?: string }
  | { readonly kind: 'folderAdded'; readonly name: string; readonly folder: string }
  | { readonly kind: 'folderRemoved'; readonly name: string; readonly folder: string }
  | { readonly kind: 'folderOrder'; readonly name: string }
  | { readonly kind: 'compiler'; readonly compiler: string; readonly before: string }
  | { readonly kind: 'clcache' }
  | { readonly kind: 'language'; readonly language: string; readonly before: string }
  | { readonly kind: 'spelling'; readonly source: string; readonly before: string }
  | { readonly kind: 'inputFile'; readonly path: string }
  | { readonly kind: 'source' }
  | { readonly kind: 'folder'; readonly before: string }
  /** Known in another folder, and both lie below base directories, but not at the same place. */
  | { readonly kind: 'otherPlace'; readonly before: string }
  | { readonly kind: 'baseDirectories'; readonly before: string }
  | { readonly kind: 'header'; readonly path: string; readonly includedBy?: string }
  /** How many headers changed that are not named. */
  | { readonly kind: 'moreHeaders'; readonly count: string }
  | { readonly kind: 'headerGone'; readonly path: string }
  | { readonly kind: 'headerTime'; readonly path: string }
  | { readonly kind: 'foundFirst'; readonly path: string }
  /** The compiler would name the headers in this folder by another path. */
  | { readonly kind: 'folderName'; readonly path: string }
  /** This header became one file with another one of the same contents, or is one with it no longer. */
  | { readonly kind: 'sameFile'; readonly path: string }
  | { readonly kind: 'askedFileGone'; readonly path: string }
  | { readonly kind: 'otherTree'; readonly tiedBy?: string }
  | { readonly kind: 'otherTerminal' }
  | { readonly kind: 'time' }
  | { readonly kind: 'text' }
  | { readonly kind: 'otherMode' }
  | { readonly kind: 'evicted' }
  | { readonly kind: 'damaged'; readonly because: string }
  | { readonly kind: 'brokenManifest' }
  /** A shared store had something for it that does not count, because it is not signed or was changed. */
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'notStoredBefore'; readonly because: string }
  /** A text that is not kept, because it looks like a password. */
  | { readonly kind: 'masked' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'specialOutput'; readonly path: string }
  | { readonly kind: 'cacheFailed'; readonly because: string };

export type MissCauseKind = MissCause['kind'];

/** The kinds of the Python clcache, which its counters tell apart. */
export type CountedMiss = 'sourceChanged' | 'headerChanged' | 'evicted';

/** The three kinds that are counted, for those that a lookup finds by itself. All others count as `sourceChanged`. */
export function countedAs({ kind }: MissCause): CountedMiss {
  switch (kind) {
    case 'header':
    case 'headerGone':
    case 'headerTime':
    case 'foundFirst':
    case 'folderName':
    case 'sameFile':
    case 'askedFileGone':
    case 'otherTree':
    case 'otherTerminal':
    case 'text':
    case 'time':
      return 'headerChanged';
    case 'evicted':
    case 'damaged':
      return 'evicted';
    default:
      return 'sourceChanged';
  }
}
