import type { CompileCall, EnvironmentPart } from '../commandline/compile-call.ts';
import { factsOf } from '../commandline/family.ts';
import { gccVersions } from '../compiler/answers/gcc-versions.ts';
import { microsoftTools } from '../compiler/answers/microsoft-tools.ts';
import { type CompilerAtHand, compilerAtHand } from '../compiler/at-hand.ts';
import {
  compilerEnvironment,
  environmentParts,
  otherNameOfFolder,
  uncacheableVariable,
} from '../compiler/environment.ts';
import { identityLater } from '../compiler/identity/compiler-identity.ts';
import type { Config } from '../config/config.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { openLocalStore, openStore } from '../storage/open-store.ts';
import { withChain } from '../util/chain.ts';
import type { Environment } from '../util/environment.ts';
import { asItCame, type CalledLine, type CalledProgram, readLine } from './called-line.ts';
import type { CompileContext } from './compile-context.ts';
import { lineVariables } from './expand-line.ts';
import { answersOf } from './kept-answers.ts';
import { openFiles } from './open-files.ts';
import { type HandOn, handOn, handOnAfter } from './outcome.ts';
import type { PassedCall } from './pass-through.ts';
import { readCall, staysHere } from './read-call.ts';
import type { Session } from './session.ts';
import { openTree, pathsOfLine } from './tree.ts';
import { viewOf } from './view.ts';

/** A call that can be cached, ready to be served. Or the reason why the compiler gets it, and how it counts. */
type Opened = { readonly kind: 'session'; readonly session: Session } | HandOn;

export type Prepared = Opened & {
  /** What the compiler gets if the call cannot be served. */
  readonly passed: PassedCall;
};

/**
 * Reads the command line and opens what its jobs share. Never fails: after a failure of clcache the compiler gets the
 * call.
 */
export async function prepare(called: CalledProgram, context: CompileContext): Promise<Prepared> {
  let passed = asItCame(called, context.config);
  try {
    const line = await readLine(called, context.config);
    passed = line.passed;
    const opened = await openSession(called, line, context);
    passed = {
      ...passed,
      environment: await withServer(passed.environment, serverOf(opened, context.config)),
    };
    return { ...opened, passed };
  } catch (error) {
    return { ...handOnAfter(error), passed };
  }
}

async function openSession(
  called: CalledProgram,
  line: CalledLine,
  context: CompileContext,
): Promise<Opened> {
  const { record } = called;
  const { config, trace } = context;
  const { environment, style, workingDirectory, cacheDirectory } = config;
  const layout = layoutOf(cacheDirectory);
  const accounts = sizeAccounts(layout.statistics, config.lockTimeoutMs);
  const answers = answersOf(config, trace);
  if (record.configurationFile !== undefined) {
    return handOn('compilerConfiguration', `the compiler takes options from ${record.configurationFile}`);
  }
  const identity = identityLater(record, config.compilerCheck, called.complete);
  const read = await readCall(line, { path: called.compiler, record, identity, answers, config });
  if (read.kind === 'handOn') return read;
  const { databases } = read;
  const unknown = uncacheableVariable(environment, style);
  if (unknown !== undefined) {
    return handOn('variable', `${unknown} is set`);
  }
  const { call, foldedVariables } = read;
  // What is known of a precompiled header is kept under it.
  if (call.precompiled) await identity.get();
  const compiler = compilerAtHand({
    path: called.compiler,
    record,
    identity,
    answers,
    workingDirectory,
    ...(called.isStillSame && { isStillSame: called.isStillSame }),
    environment: await withServer(
      withChain(compilerEnvironment(environment, style, foldedVariables), called.compiler),
      databases?.endpoint,
    ),
  });
  const processor = await processorPart(call, compiler);
  if (!processor) {
    return handOn('processor', 'the compiler does not say which processor native means');
  }
  const isLocal = staysHere(call, record);
  const view = await viewOf(call, call.terminal && config.terminal, compiler);
  const files = await openFiles(config, { family: record.family, accounts, trace });
  const parts = [
    ...environmentParts(environment, style, { ...call, family: record.family }),
    ...(factsOf(record).findsMicrosoftTools && call.toolFolders
      ? microsoftTools({
          environment,
          style,
          workingDirectory,
          toolFolders: call.toolFolders,
          digestOf: (path) => files.memory.digest(path),
        })
      : []),
    ...(factsOf(record).hasOwnSearchFolders && !call.toolFolders && style === 'posix'
      ? gccVersions(called.compiler)
      : []),
    ...(style === 'posix' ? otherNameOfFolder(environment, workingDirectory) : []),
    ...processor,
    ...(isLocal ? [{ name: 'machine', value: config.machineName, isFolderList: false }] : []),
    ...(call.terminal?.isRecorded && view.name !== ''
      ? [{ name: 'terminal', value: view.name, isFolderList: false }]
      : []),
  ];
  const session: Session = {
    request: { call, environmentParts: parts, view, databases, isDirect: config.direct },
    compiler,
    tree: openTree(config, () => pathsOfLine(style, call, parts)),
    files,
    store: isLocal ? openLocalStore(config, accounts) : await openStore(config, trace, accounts),
    log: { trace, profile: context.profile, warn: context.warn },
    reasons: { folder: layout.reasons, lineVariables: () => ({ ...lineVariables(config) }) },
  };
  return { kind: 'session', session };
}

/** The server for a call that is handed on. A line as it came does not name the databases of its objects. */
function serverOf(opened: Opened, { databases }: Pick<Config, 'databases'>): string | undefined {
  if (opened.kind === 'handOn') return opened.endpoint;
  return databases === 'own' ? opened.session.request.databases?.endpoint : undefined;
}

/** The environment with the server of databases that a call needs. */
async function withServer(environment: Environment, endpoint: string | undefined): Promise<Environment> {
  if (endpoint === undefined) return environment;
  const { withEndpoint } = await import('./databases.ts');
  return withEndpoint(environment, endpoint);
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
