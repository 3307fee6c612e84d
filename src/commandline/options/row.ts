/** The columns of the option table. Types only. */
import type { OutputRole, SearchDirectory, UncacheableReason } from '../compile-call.ts';
import type { Language } from '../languages.ts';

/** How an option takes its value. */
export type OptionForm =
  /** No value. */
  | 'flag'
  /** No value. A `-` at the end switches it off. */
  | 'toggle'
  /** The value is attached to the name, and required. */
  | 'joined'
  /** The value is attached to the name, or missing. */
  | 'joinedOptional'
  /** Digits attached to the name, or none. */
  | 'number'
  /** The value is the next argument. */
  | 'separate'
  /** The value is attached to the name, else the next argument. */
  | 'joinedOrSeparate'
  /** One part of the value is attached to the name, the rest is the next argument. */
  | 'joinedAndSeparate'
  /** Everything after it. */
  | 'rest';

/** What an option means to a cache. Everything that could change an output is in the key, or the call is refused. */
export type OptionEffect =
  /** Its text goes into the key. */
  | {
      readonly kind: 'hash';
      readonly preprocessorOnly?: true;
      /** An unknown option: nobody knows what it does with paths. */
      readonly isUnknown?: true;
    }
  /** Changes no output byte. */
  | { readonly kind: 'ignore' }
  | { readonly kind: 'compileOnly' }
  | { readonly kind: 'refuse'; readonly reason: UncacheableReason; readonly because: string }
  /** Defines or undefines a macro. */
  | { readonly kind: 'macro' }
  | { readonly kind: 'searchDirectory'; readonly of: SearchDirectory['kind'] }
  /** Names a variable that holds search directories. */
  | { readonly kind: 'searchVariable' }
  /** INCLUDE and EXTERNAL_INCLUDE are not searched. */
  | { readonly kind: 'noSearchVariables' }
  | { readonly kind: 'forcedInclude' }
  /** The contents of the named file are part of the key. */
  | { readonly kind: 'inputFile' }
  /** A path (or `from=to`) that may get into an output. Nothing is read from it. */
  | { readonly kind: 'pathText' }
  /** Writes a file beside the object, or says where it goes. `outputs.ts` knows its name. */
  | { readonly kind: 'output'; readonly role: OutputRole; readonly isSwitch: boolean }
  | { readonly kind: 'object' }
  /** Names the program database, which cl writes into an object with debug information. */
  | { readonly kind: 'databaseName' }
  | { readonly kind: 'debugInfo'; readonly as: 'embedded' | 'external' | 'none' }
  /** Puts paths of this machine into the object without being debug information. */
  | { readonly kind: 'embedsPaths' }
  /** The language of all sources. */
  | { readonly kind: 'language'; readonly language: Language }
  /** The value is a source in this language. */
  | { readonly kind: 'source'; readonly language: Language }
  | { readonly kind: 'showIncludes'; readonly of: 'all' | 'user' }
  | { readonly kind: 'parallel' }
  /** Makes or uses a precompiled header. */
  | { readonly kind: 'precompiledHeader' }
  /** Writes a precompiled header in place of the object. */
  | { readonly kind: 'makesPrecompiled' }
  /** The value names a precompiled header that is read. */
  | { readonly kind: 'usesPrecompiled' }
  | { readonly kind: 'noPrecompiledHeader' }
  /** Its text goes into a dependency file. */
  | { readonly kind: 'dependencyText' }
  /** The value is a word for LLVM's own options, many of which print or write. */
  | { readonly kind: 'backendWord' }
  /** The value is a word for clang's driver in its GCC spelling. */
  | { readonly kind: 'driverWord' }
  /** The value is a word for clang's compiler proper. */
  | { readonly kind: 'frontendWord' };

export type EffectKind = OptionEffect['kind'];
export type EffectOf<Kind extends EffectKind> = Extract<OptionEffect, { readonly kind: Kind }>;

/** The prefixes of the option: `/x` and `-x`, or `-x` alone. */
export type OptionPrefix = '/-' | '-';

/** Many options of one kind. `names` are without the prefix and separated by blanks. */
export interface OptionGroup {
  readonly prefix: OptionPrefix;
  readonly form: OptionForm;
  readonly effect: OptionEffect;
  readonly names: string;
  /** The first major version of clang that knows them in this form. */
  readonly sinceClang?: number;
  /** The names lack this letter, and each means two options: `rtti` for `frtti` and `fno-rtti`. */
  readonly switchLetter?: 'f' | 'm';
}

export interface OptionRow<Effect extends OptionEffect = OptionEffect> {
  readonly name: string;
  readonly prefix: OptionPrefix;
  readonly form: OptionForm;
  readonly effect: Effect;
}

export const HASH: OptionEffect = { kind: 'hash' };
export const HASH_PREPROCESSOR: OptionEffect = { kind: 'hash', preprocessorOnly: true };
export const IGNORE: OptionEffect = { kind: 'ignore' };
export const PATH_TEXT: OptionEffect = { kind: 'pathText' };
export const INPUT_FILE: OptionEffect = { kind: 'inputFile' };

/** The call is not cached. It counts with its own counter, or as an unsupported option. */
export function refuse(because: string, reason: UncacheableReason = 'unsupportedOption'): OptionEffect {
  return { kind: 'refuse', reason, because };
}
