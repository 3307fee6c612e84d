import type { CompileCall, EnvironmentPart } from '../commandline/compile-call.ts';
import { factsOf } from '../commandline/family.ts';
import { microsoftTools } from '../compiler/answers/microsoft-tools.ts';
import { type CompilerAtHand, compilerAtHand } from '../compiler/at-hand.ts';
import {
  compilerEnvironment,
  environmentParts,
  otherNameOfFolder,
  uncacheableVariable,
} from '../compiler/environment.ts';
import { compilerIdentity } from '../compiler/identity/compiler-identity.ts';
import type { KnownCompiler } from '../compiler/identity/compiler-record.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Counts } from '../statistics/counters.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { openStore } from '../storage/open-store.ts';
import { withChain } from '../util/chain.ts';
import type { CompileContext } from './compile-context.ts';
import { answersOf } from './kept-answers.ts';
import { openFiles } from './open-files.ts';
import { counterOfFailure } from './outcome.ts';
import { readCall } from './read-call.ts';
import type { Session } from './session.ts';
import { openTree, pathsOfLine } from './tree.ts';
import { viewOf } from './view.ts';

/**
 * A call that can be cached, ready to be served. Or the reason why the compiler gets it unchanged, and how it counts.
 */
export type Prepared =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'handOn'; readonly because: string; readonly counts: Counts };

/** The program that a call is for, and what is known of it. */
export interface CalledProgram {
  readonly compiler: string;
  readonly arguments: readonly string[];
  readonly record: KnownCompiler;
}

/**
 * Reads the command line and opens what its jobs share. Never fails: after a failure of clcache the compiler gets the
 * call.
 */
export async function prepare(called: CalledProgram, context: CompileContext): Promise<Prepared> {
  try {
    return await openSession(called, context);
  } catch (error) {
    return { kind: 'handOn', because: describeError(error), counts: { [counterOfFailure(error)]: 1 } };
  }
}

async function openSession(called: CalledProgram, context: CompileContext): Promise<Prepared> {
  const { arguments: args, record } = called;
  const { config, trace } = context;
  const { environment, style, workingDirectory, cacheDirectory } = config;
  const layout = layoutOf(cacheDirectory);
  const accounts = sizeAccounts(layout.statistics, config.lockTimeoutMs);
  const answers = answersOf(config, trace);
  if (record.configurationFile !== undefined) {
    const because = `the compiler takes options from ${record.configurationFile}`;
    return { kind: 'handOn', because, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const identity = compilerIdentity(record, config.compilerCheck);
  const read = await readCall(args, { path: called.compiler, record, identity, answers, config });
  if (read.kind === 'handOn') return read;
  const unknown = uncacheableVariable(environment, style);
  if (unknown !== undefined) {
    return { kind: 'handOn', because: `${unknown} is set`, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const { call, foldedVariables } = read;
  const compiler = compilerAtHand({
    path: called.compiler,
    record,
    identity,
    answers,
    workingDirectory,
    environment: withChain(compilerEnvironment(environment, style, foldedVariables), called.compiler),
  });
  const processor = await processorPart(call, compiler);
  if (!processor) {
    const because = 'the compiler does not say which processor native means';
    return { kind: 'handOn', because, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const view = await viewOf(call, call.terminal && config.terminal, compiler);
  const files = await openFiles(config, { family: record.family, accounts, trace });
  const parts = [
    ...environmentParts(environment, style, record.family, call.searchVariables),
    ...(factsOf(record).findsMicrosoftTools && call.toolFolders
      ? microsoftTools({
          environment,
          style,
          workingDirectory,
          toolFolders: call.toolFolders,
          digestOf: (path) => files.memory.digest(path),
        })
      : []),
    ...(style === 'posix' ? otherNameOfFolder(environment, workingDirectory) : []),
    ...processor,
    ...(call.terminal?.isRecorded && view.name !== ''
      ? [{ name: 'terminal', value: view.name, isFolderList: false }]
      : []),
  ];
  const session: Session = {
    request: { call, environmentParts: parts, view, isDirect: config.direct },
    compiler,
    tree: openTree(config, () => pathsOfLine(style, call, parts)),
    files,
    store: await openStore(config, trace, accounts),
    log: { trace, profile: context.profile, warn: context.warn },
  };
  return { kind: 'session', session };
}

/** What `-march=native` and the like mean on this machine, as the compiler says. Undefined if it does not say. */
async function processorPart(
  call: CompileCall,
  compiler: CompilerAtHand,
): Promise<readonly EnvironmentPart[] | undefined> {
  const [job] = call.jobs;
  if (!call.namesNativeProcessor || !job) return [];
  const { nativeProcessor } = await import('../compiler/answers/native-processor.ts');
  const args = [...job.optionArguments, '/c', ...job.sourceArguments];
  const value = await nativeProcessor(compiler, args);
  return value === undefined ? undefined : [{ name: 'processor', value, isFolderList: false }];
}
