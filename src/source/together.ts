import type { SourceFindings } from './findings.ts';
import { canForm, type PathWord, type WordKind, wordsOf } from './words.ts';

/** The findings in all texts of a compile together: a macro of one text can paste pieces of another. */
export interface TextsTogether {
  /** The files do not decide: the call is looked up by its preprocessed text. */
  readonly isVolatile: boolean;
  readonly hasTimeMacro: boolean;
  /** Pasting may form a time macro. The preprocessed text shows whether it does. */
  readonly mayFormTime: boolean;
  /** Words that put a path into an object, and that pasting may form. */
  readonly mayFormPathWords: readonly PathWord[];
  /** An assembler may read a file. The preprocessed text shows whether it does. */
  readonly mayAssembleFiles: boolean;
  /** A pragma may repeat text in which the preprocessed text still contains macros. That text decides. */
  readonly repeatsText: boolean;
  /** Why nothing is stored. */
  readonly unsupported: string | undefined;
}

/** `scans` has one entry for each text: the source, its headers, the macros of options. */
export function together(scans: readonly SourceFindings[]): TextsTogether {
  const has = (flag: 'isVolatile' | 'hasTimeMacro' | 'mayAssembleFiles' | 'repeatsText') =>
    scans.some((scan) => scan[flag]);
  const pieces = new Set(scans.flatMap((scan) => scan.pieces));
  const pastes = scans.some((scan) => scan.pastes);
  const mayBe = (word: string) => pieces.has(word) || (pastes && canForm(word, pieces));
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
      (mayBe('dependency') && (mayBe('GCC') || mayBe('clang'))
        ? 'a macro that may make a pragma which reads a file'
        : undefined),
  };
}
