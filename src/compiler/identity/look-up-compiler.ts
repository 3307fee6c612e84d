import { digestOfParts } from '../../hash/digest.ts';
import {
  type CompilerLookup,
  type CompilerRecord,
  currentRecord,
  hasAllDigests,
  needsDigestsNow,
} from './compiler-record.ts';

/** These make the system's loader use other libraries. */
const LOADER_VARIABLES = [
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'LD_AUDIT',
  'GLIBC_TUNABLES',
  'DYLD_LIBRARY_PATH',
  'DYLD_INSERT_LIBRARIES',
];

/** A chain of scripts that start a compiler ends before this. Two scripts that start each other do not. */
const LONGEST_CHAIN = 5;

/**
 * The record of a compiler: from the cache folder while its files are unchanged, else from the compiler itself. The
 * record of a wrapper contains the files of the compilers that it starts. `links` counts the wrappers so far.
 */
export async function lookUpCompiler(lookup: CompilerLookup, links = 0): Promise<CompilerRecord> {
  const name = nameOf(lookup);
  let record = currentRecord(lookup, name);
  if (!record || needsDigestsNow(lookup, record)) {
    const { learnCompiler } = await import('./learn-compiler.ts');
    record = await learnCompiler(lookup, name);
  }
  if (!record.isWrapper || links >= LONGEST_CHAIN) return record;
  const { lookUpWrapper } = await import('./wrapper.ts');
  const { hashesLater, ...now } = lookup;
  return lookUpWrapper(lookup, record, (compiler) => lookUpCompiler({ ...now, compiler }, links + 1));
}

/**
 * Finds the digests that a record of `lookUpCompiler` lacks because they were not needed at once. Undefined if it lacks
 * none.
 */
export function digestsOf(
  lookup: CompilerLookup,
  record: CompilerRecord,
): (() => Promise<CompilerRecord>) | undefined {
  if (!lookup.withContents || record.isWrapper || hasAllDigests(record)) return undefined;
  return async () => {
    const { completeRecord } = await import('./learn-compiler.ts');
    return completeRecord(lookup, nameOf(lookup), record);
  };
}

function nameOf({ compiler, environment, workingDirectory }: CompilerLookup): string {
  const loader = LOADER_VARIABLES.map((variable) => environment[variable] ?? '');
  // An empty entry is the working folder, too.
  const isOfFolder = loader.some(
    (value) => value !== '' && value.split(/[:; ]/).some((one) => !/^\//.test(one)),
  );
  return digestOfParts(['compiler', compiler, ...loader, ...(isOfFolder ? [workingDirectory] : [])]);
}
