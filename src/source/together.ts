import type { SourceFindings } from './findings.ts';
import { canForm, type PathWord, type WordKind, wordsOf } from './words.ts';

/** What all texts of a compile say together: a macro of one can paste what stands in another. */
export interface TextsTogether {
  /** The files do not decide: the call is keyed on its preprocessed text. */
  readonly isVolatile: boolean;
  readonly hasTimeMacro: boolean;
  /** Pasting may form a time macro: whether it does, the preprocessed text tells. */
  readonly mayFormTime: boolean;
  /** What pasting may form of the words by which a path gets into an object. */
  readonly mayFormPathWords: readonly PathWord[];
  /** An assembler may read a file: whether it does, the preprocessed text tells. */
  readonly mayAssembleFiles: boolean;
  /** A pragma may repeat text whose macros the preprocessed text still names: that text tells. */
  readonly repeatsText: boolean;
  /** Why nothing is stored. */
  readonly unsupported: string | undefined;
}

/** `scans` has one for each text: the source, its headers, what options define. */
export function together(scans: readonly SourceFindings[]): TextsTogether {
  const has = (flag: 'isVolatile' | 'hasTimeMacro' | 'mayAssembleFiles' | 'repeatsText') =>
    scans.some((scan) => scan[flag]);
  const pieces = new Set(scans.flatMap((scan) => scan.pieces));
  const pastes = scans.some((scan) => scan.pastes);
  const mayForm = (kind: WordKind) => pastes && wordsOf(kind).some((word) => canForm(word, pieces));
  return {
    isVolatile: has('isVolatile') || mayForm('hasInclude'),
    hasTimeMacro: has('hasTimeMacro'),
    mayFormTime: mayForm('time'),
    mayFormPathWords: (['file', 'type'] as const).filter(mayForm),
    mayAssembleFiles: has('mayAssembleFiles'),
    repeatsText: has('repeatsText'),
    unsupported:
      scans.find(({ unsupported }) => unsupported !== undefined)?.unsupported ??
      (mayForm('hasEmbed') ? '__has_embed' : undefined) ??
      (pieces.has('dependency') && (pieces.has('GCC') || pieces.has('clang'))
        ? 'a macro that may make a pragma which reads a file'
        : undefined),
  };
}
