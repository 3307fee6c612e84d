/** Finds the program that serves a call, skipping clcache itself, and finds out what kind of program it is. */

import { askingEnvironment, compilerEnvironment } from '../compiler/environment.ts';
import {
  type CompilerLookup,
  type CompilerRecord,
  isKnownCompiler,
  type KnownCompiler,
} from '../compiler/identity/compiler-record.ts';
import { type Located, locateCompiler } from '../compiler/identity/locate.ts';
import { digestsOf, lookUpCompiler } from '../compiler/identity/look-up-compiler.ts';
import type { Config } from '../config/config.ts';
import { silent } from '../diagnostics/trace.ts';
import type { HandOnReason } from '../explain/hand-on.ts';
import type { Counts } from '../statistics/counters.ts';
import { mayHaveLostBytes } from '../util/byte-name.ts';
import { chainOf, withChain } from '../util/chain.ts';
import type { Environment } from '../util/environment.ts';
import { answersOf } from './kept-answers.ts';
import { type HandOn, handOn, handOnAfter } from './outcome.ts';

export type FoundCompiler =
  | {
      readonly kind: 'compiler';
      readonly compiler: string;
      readonly arguments: readonly string[];
      readonly record: KnownCompiler;
      /** Set if the record lacks digests, which are found while the compiler runs. */
      readonly complete?: () => Promise<CompilerRecord>;
      /** Whether it is still the compiler of the record, which is asked after a compile. */
      readonly isStillSame?: () => Promise<boolean>;
    }
  /** A program that gets the call unchanged, and how the call counts. */
  | {
      readonly kind: 'handOn';
      readonly compiler: string;
      readonly arguments: readonly string[];
      readonly environment: Environment;
      /** True for a program that may not know response files. */
      readonly keepsLine?: true;
      readonly reason: HandOnReason;
      readonly counts: Counts;
    }
  /** No program was found. The text is for the user. */
  | { readonly kind: 'none'; readonly because: string };

/** How often a program may occur in the chain of clcaches. More than once is possible: a build within a compile. */
const MOST_ROUNDS = 3;

export interface CompilerQuery {
  readonly argv: readonly string[];
  readonly config: Config;
  readonly self: string;
  readonly calledAs: string | undefined;
  /** Whether the digests of a compiler may be found while it runs. */
  readonly hashesLater?: () => boolean;
}

/** Never fails: a program that cannot be asked gets the call unchanged. */
export async function findCompiler(query: CompilerQuery): Promise<FoundCompiler> {
  const chain = chainOf(query.config.environment);
  const found = await findBehind(query, chain);
  const isLoop = chain.some((program) => chain.filter((one) => one === program).length >= MOST_ROUNDS);
  return found.kind !== 'none' || chain.length === 0 || isLoop ? found : findBehind(query, []);
}

async function findBehind(query: CompilerQuery, chain: readonly string[]): Promise<FoundCompiler> {
  const passedOver = [...chain];
  let otherCache: Extract<Located, { kind: 'found' }> | undefined;
  for (;;) {
    const located = locate(query, passedOver);
    if (located.kind === 'notFound') {
      if (otherCache) return handOnTo(query, otherCache, handOn('otherCache', 'it is another clcache'));
      return { kind: 'none', because: noCompiler(query, located) };
    }
    if (query.config.disabled) return handOnTo(query, located, handOn('disabled', 'CLCACHE_DISABLE is set'));
    if (query.config.isFolderGone) {
      const because = 'the working folder was deleted, or has no name in UTF-8';
      return handOnTo(query, located, handOn('noFolder', because));
    }
    if (mayHaveLostBytes(query.argv, query.config.environment)) {
      const because = 'an argument or a variable is not UTF-8';
      return handOnTo(query, located, handOn('invalidArgument', because));
    }
    const lookup = lookupOf(query, located.compiler);
    let record: CompilerRecord;
    try {
      record = await lookUpCompiler(lookup);
    } catch (error) {
      return handOnTo(query, located, handOnAfter(error));
    }
    // Only this program knows what it adds to the command line. The clcache that it calls does the caching.
    if (record.leadsToClcache || (record.isWrapper && record.family === 'clcache'))
      return handOnTo(query, located, handOn('otherCache', `${located.compiler} calls a clcache`));
    if (isKnownCompiler(record)) {
      const complete = digestsOf(lookup, record);
      const isStillSame = async () => {
        const { isStillCompiler } = await import('../compiler/identity/look-again.ts');
        return isStillCompiler(lookup, record);
      };
      return { ...located, kind: 'compiler', record, isStillSame, ...(complete && { complete }) };
    }
    if (record.family === 'other') {
      const { environment } = query.config;
      const { reason, counts } = handOn('otherProgram', `${located.compiler} is neither cl nor clang-cl`);
      return { ...located, kind: 'handOn', environment, keepsLine: true, reason, counts };
    }
    if (located.isChosen) otherCache ??= located;
    passedOver.push(located.compiler);
  }
}

/** If the program turns out to call a clcache, that clcache must know what was started before. */
function handOnTo(
  { config }: CompilerQuery,
  located: Extract<Located, { kind: 'found' }>,
  { reason, counts }: HandOn,
): FoundCompiler {
  const environment = compilerEnvironment(config.environment, config.style, []);
  return {
    ...located,
    kind: 'handOn',
    environment: withChain(environment, located.compiler),
    reason,
    counts,
  };
}

function locate({ argv, config, self, calledAs }: CompilerQuery, passedOver: readonly string[]): Located {
  return locateCompiler({
    arguments: argv,
    configured: config.compiler,
    environment: config.environment,
    style: config.style,
    workingDirectory: config.workingDirectory,
    self,
    calledAs,
    passedOver,
  });
}

function lookupOf({ config, hashesLater }: CompilerQuery, compiler: string): CompilerLookup {
  const { environment, style, workingDirectory, compilerCheck } = config;
  return {
    compiler,
    environment: askingEnvironment(environment, style),
    workingDirectory,
    answers: answersOf(config, silent),
    withContents: compilerCheck.kind === 'content',
    ...(hashesLater && { hashesLater }),
  };
}

function noCompiler(
  { argv, calledAs }: CompilerQuery,
  { searched, namedBy, word }: Extract<Located, { kind: 'notFound' }>,
): string {
  const what = `no compiler found: searched ${searched}`;
  const named = namedBy === undefined ? what : `${what}, which ${namedBy} names`;
  if (calledAs !== undefined) return `${named} (this is clcache, called as ${calledAs})`;
  if (namedBy !== undefined) return `${named}; see clcache --help`;
  const about = word === undefined ? '' : `; '${word}' is not a program either`;
  const isForVersion = argv.length === 1 && /^--?v(?:ersion)?$/i.test(argv[0] ?? '');
  return `${what}${about}; see clcache ${isForVersion ? '--version, or --help' : '--help'}`;
}
