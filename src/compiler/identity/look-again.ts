/** Looks at a compiler again after it has compiled. */
import { type CompilerLookup, type CompilerRecord, isCurrent, isSameCompiler } from './compiler-record.ts';
import { lookUpCompiler } from './look-up-compiler.ts';

/**
 * Whether the compiler is still the one of a record of `lookUpCompiler`: everything that was looked at before a compile
 * must be as it was, and a wrapper must still start the same. False if that cannot be found out.
 */
export async function isStillCompiler(lookup: CompilerLookup, record: CompilerRecord): Promise<boolean> {
  try {
    if (!record.isWrapper && isCurrent(lookup, record)) return true;
    return isSameCompiler(await lookUpCompiler({ ...lookup, hashesLater: () => true }), record);
  } catch {
    return false;
  }
}
