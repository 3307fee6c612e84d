import { digestOfParts } from '../hash/digest.ts';
import { type CompilerLookup, type CompilerRecord, currentRecord, isIncomplete } from './compiler-record.ts';

/** By these the system's loader takes other libraries. */
const LOADER_VARIABLES = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'DYLD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES'];

/** A script that starts a script that starts a compiler is a chain that ends; two that start each other are none. */
const LONGEST_CHAIN = 5;

/**
 * The record of a compiler: from the cache folder while its files are as they were, else from the compiler itself. That
 * of a wrapper has the files of the compilers behind it as well. `links` counts those that were passed on the way.
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
