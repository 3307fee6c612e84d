import { digestOfParts } from '../../hash/digest.ts';
import { type CompilerLookup, type CompilerRecord, currentRecord, isIncomplete } from './compiler-record.ts';

/** These make the system's loader use other libraries. */
const LOADER_VARIABLES = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'DYLD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES'];

/** A chain of scripts that start a compiler ends before this. Two scripts that start each other do not. */
const LONGEST_CHAIN = 5;

/**
 * The record of a compiler: from the cache folder while its files are unchanged, else from the compiler itself. The
 * record of a wrapper contains the files of the compilers that it starts. `links` counts the wrappers so far.
 */
export async function lookUpCompiler(lookup: CompilerLookup, links = 0): Promise<CompilerRecord> {
  const loader = LOADER_VARIABLES.map((variable) => lookup.environment[variable] ?? '');
  const name = digestOfParts(['compiler', lookup.compiler, ...loader]);
  let record = currentRecord(lookup, name);
  if (!record || isIncomplete(lookup, record)) {
    const { learnCompiler } = await import('./learn-compiler.ts');
    record = await learnCompiler(lookup, name);
  }
  if (!record.isWrapper || links >= LONGEST_CHAIN) return record;
  const { lookUpWrapper } = await import('./wrapper.ts');
  return lookUpWrapper(lookup, record, (compiler) => lookUpCompiler({ ...lookup, compiler }, links + 1));
}
