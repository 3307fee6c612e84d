import type { Classification, CommandLineHost, CompileCall } from '../commandline/compile-call.ts';
import { factsOf } from '../commandline/family.ts';
import { classify } from '../commandline/meaning/classify.ts';
import type { CommandLineExpansion } from '../commandline/read/environment.ts';
import { type CompilerAtHand, compilerAtHand } from '../compiler/at-hand.ts';
import { askingEnvironment } from '../compiler/environment.ts';
import type { Config } from '../config/config.ts';
import { withChain } from '../util/chain.ts';
import type { CalledLine } from './called-line.ts';
import type { OwnDatabases } from './databases.ts';
import { type HandOn, handOn } from './outcome.ts';
import { pathUnfitForNotes, specialInput } from './special-inputs.ts';

export type ReadCall =
  | {
      readonly kind: 'call';
      readonly call: CompileCall;
      /** Variables whose text is part of the call and that must not reach the compiler again. */
      readonly foldedVariables: readonly string[];
      /** Set if the call makes program databases that are kept. */
      readonly databases?: OwnDatabases | undefined;
    }
  | HandOn;

/** The compiler of the call, and where its answers are stored. */
export interface CalledCompiler extends Omit<CompilerAtHand, 'run' | 'environment' | 'workingDirectory'> {
  readonly config: Config;
}

/** The call that a command line asks for. Or the reason why the compiler gets it. Throws what the store throws. */
export async function readCall(
  line: Pick<CalledLine, 'host' | 'expanded'>,
  called: CalledCompiler,
): Promise<ReadCall> {
  const read = await readLineOnly(line, called);
  if (called.config.databases === undefined || line.expanded.kind !== 'expanded') return read;
  const { ownershipOf } = await import('./kept-databases.ts');
  const call = read.kind === 'call' ? read.call : undefined;
  const { host, expanded } = line;
  const owner = await ownershipOf(call, { args: expanded.arguments, host }, called.config);
  if (owner?.kind !== 'others') return read.kind === 'call' ? { ...read, databases: owner?.databases } : read;
  const { because, endpoint } = owner;
  if (read.kind === 'handOn') return { ...read, endpoint };
  return { ...handOn('externalDebugInfo', because), endpoint };
}

async function readLineOnly(
  { host, expanded }: Pick<CalledLine, 'host' | 'expanded'>,
  called: CalledCompiler,
): Promise<ReadCall> {
  const { config } = called;
  if (expanded.kind === 'passThrough') {
    return handOn('invalidArgument', expanded.because);
  }
  const { foldedVariables } = expanded;
  const classified = await classifyAsking(expanded, host, called);
  if (classified.kind === 'uncacheable') {
    return handOn(classified.reason, classified.because, classified);
  }
  const { call } = classified;
  const special = specialInput(call, config);
  if (special !== undefined) {
    return handOn('specialFile', `${special} is a pipe or a device`);
  }
  const unfit = pathUnfitForNotes(call, config);
  if (unfit !== undefined) {
    return handOn(
      'specialFile',
      `${JSON.stringify(unfit)} has a line break in its name, or begins with a blank`,
    );
  }
  if (call.precompiled && (!config.direct || call.showIncludes === 'user')) {
    return handOn(
      'precompiledHeader',
      'a precompiled header is no text, and is not cached without direct mode',
    );
  }
  if (staysHere(call, host) && config.remoteOnly) {
    return handOn(
      'precompiledHeader',
      'a precompiled header of cl is not sent to remote stores, and nothing is kept here',
    );
  }
  if (hasMissingSource(call, host)) {
    return handOn('noSource', 'a source is missing');
  }
  return { kind: 'call', call, foldedVariables };
}

/** If the table refuses an option of clang-cl, clang-cl is asked whether it knows that option. */
async function classifyAsking(
  { arguments: args, foldedVariables }: Extract<CommandLineExpansion, { kind: 'expanded' }>,
  host: CommandLineHost,
  called: CalledCompiler,
): Promise<Classification> {
  const { config, ...parts } = called;
  const processors = processorsFor(args, config);
  const classified = classify(args, host, processors);
  if (classified.kind === 'cacheable' || classified.doubtfulWords.length === 0) return classified;
  const { style, workingDirectory } = config;
  const environment = withChain(askingEnvironment(config.environment, style, foldedVariables), parts.path);
  const { ignoredWords } = await import('../compiler/answers/ignored-words.ts');
  const compiler = compilerAtHand({ ...parts, environment, workingDirectory });
  const ignored = await ignoredWords(compiler, classified.doubtfulWords);
  return ignored.size === 0 ? classified : classify(args, { ...host, ignoredWords: ignored }, processors);
}

/** The system is asked only for a bare `/MP`, because that takes a module that a hit does not need. */
function processorsFor(args: readonly string[], config: Pick<Config, 'processorCount'>): number {
  return args.some((argument) => /^[-/]MP$/.test(argument)) ? config.processorCount : 1;
}

/**
 * True for a result that no other machine may have: cl's precompiled headers hold data of the machine ("/Yu"), and the
 * objects of their users belong to them.
 */
export function staysHere({ precompiled }: CompileCall, compiler: Pick<CommandLineHost, 'family'>): boolean {
  return precompiled !== undefined && !factsOf(compiler).datesPrecompiledHeaders;
}

/** The compiler must refuse a call with a missing source. clang-cl then compiles none of them. */
function hasMissingSource({ jobs }: CompileCall, host: CommandLineHost): boolean {
  return jobs.length > 1 && jobs.some(({ source }) => !host.fileExists(source));
}
