import { readFileSync } from 'node:fs';
import { classify } from '../commandline/classify.ts';
import type { CommandLineHost, CompileCall } from '../commandline/compile-call.ts';
import { expandCommandLine } from '../commandline/environment.ts';
import { compilerIdentity, lookUpCompiler } from '../compiler/compiler-record.ts';
import {
  compilerEnvironment,
  environmentParts,
  otherNameOfFolder,
  uncacheableVariable,
} from '../compiler/environment.ts';
import type { Located } from '../compiler/locate.ts';
import { microsoftTools } from '../compiler/microsoft-tools.ts';
import type { Config } from '../config/config.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { HashClient } from '../hash/client.ts';
import { FileHasher } from '../hash/file-hasher.ts';
import type { Counts } from '../statistics/counters.ts';
import { compilerFile, hashesFile, headersFile, layoutOf } from '../storage/local/layout.ts';
import { openStore } from '../storage/open-store.ts';
import { environmentValue } from '../util/environment.ts';
import { statIfThere } from '../util/file-stat.ts';
import { absoluteFile } from '../util/paths.ts';
import type { CompileContext } from './compile-context.ts';
import { KnownHeaders } from './known-headers.ts';
import { COUNTER_OF_REASON, counterOfFailure } from './outcome.ts';
import { rootsOf, type Session } from './session.ts';

/** A call that can be cached, ready to be served; or why it goes to the compiler as it came, and how that counts. */
export type Prepared =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'handOn'; readonly because: string; readonly counts: Counts };

/** Reads the command line and opens what its jobs share. Never fails: a failure of ours hands the call on. */
export async function prepare(
  located: Extract<Located, { kind: 'found' }>,
  context: CompileContext,
): Promise<Prepared> {
  try {
    return await openSession(located, context);
  } catch (error) {
    return { kind: 'handOn', because: describeError(error), counts: { [counterOfFailure(error)]: 1 } };
  }
}

async function openSession(
  { compiler, arguments: args }: Extract<Located, { kind: 'found' }>,
  context: CompileContext,
): Promise<Prepared> {
  const { config, trace } = context;
  const { environment, style, workingDirectory, cacheDirectory } = config;
  const layout = layoutOf(cacheDirectory);
  const answerFile = (name: string) => compilerFile(layout, name);
  const withoutOutputPipe = compilerEnvironment(environment, style, []);
  const record = await lookUpCompiler({
    compiler,
    environment: withoutOutputPipe,
    workingDirectory,
    recordFile: answerFile,
    withContents: config.compilerCheck.kind === 'content',
  });
  if (record.configurationFile !== undefined) {
    const because = `the compiler takes options from ${record.configurationFile}`;
    return { kind: 'handOn', because, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const host: CommandLineHost = {
    family: record.family,
    clangVersion: record.clangVersion,
    style,
    workingDirectory,
    fileExists: (path) => statIfThere(absoluteFile(style, workingDirectory, path))?.isFile() ?? false,
  };
  const variables = {
    CL: environmentValue(environment, style, 'CL'),
    _CL_: environmentValue(environment, style, '_CL_'),
  };
  const expanded = expandCommandLine(args, variables, host, readIfThere);
  if (expanded.kind === 'passThrough')
    return { kind: 'handOn', because: expanded.because, counts: { CallsWithInvalidArgument: 1 } };
  const classified = classify(expanded.arguments, host, processorsFor(expanded.arguments, config));
  if (classified.kind === 'uncacheable') {
    return {
      kind: 'handOn',
      because: classified.because,
      counts: { [COUNTER_OF_REASON[classified.reason]]: 1 },
    };
  }
  const unknown = uncacheableVariable(environment, style);
  if (unknown !== undefined) {
    return { kind: 'handOn', because: `${unknown} is set`, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const { call } = classified;
  if (hasMissingSource(call, host)) {
    return { kind: 'handOn', because: 'a source is missing', counts: { CallsWithoutSourceFile: 1 } };
  }
  const hasher = new FileHasher();
  const session: Session = {
    config,
    trace,
    profile: context.profile,
    warn: context.warn,
    compiler,
    record,
    identity: compilerIdentity(record, config.compilerCheck),
    call,
    environmentParts: [
      ...environmentParts(environment, style, record.family, call.searchVariables),
      ...(record.family === 'clang-cl' && call.toolFolders
        ? microsoftTools({ environment, style, workingDirectory, toolFolders: call.toolFolders })
        : []),
      ...(style === 'posix' ? otherNameOfFolder(environment, workingDirectory) : []),
    ],
    compilerEnvironment: compilerEnvironment(environment, style, expanded.foldedVariables),
    roots: rootsOf(config),
    hasher,
    ...(config.server && config.hashCache && { hashServer: await openHashServer(config, trace) }),
    headers: new KnownHeaders(
      config.hashCache ? (name) => headersFile(layout, name) : undefined,
      record.family,
    ),
    store: await openStore(config, trace),
    answerFile,
    hashesFile: (key) => hashesFile(layout, key),
  };
  return { kind: 'session', session };
}

/** Loaded only where it is wanted. */
async function openHashServer({ serverAddress }: Config, trace: Trace): Promise<HashClient> {
  const { hashClient } = await import('../hash/client.ts');
  return hashClient(serverAddress, (line) => trace(() => line));
}

/** Asked of the system only for a bare `/MP`: it takes a module that a hit does not need. */
function processorsFor(args: readonly string[], config: Pick<Config, 'processorCount'>): number {
  return args.some((argument) => /^[-/]MP$/.test(argument)) ? config.processorCount : 1;
}

/** A call with a source that is not there is the compiler's to refuse: clang-cl then compiles none of them. */
function hasMissingSource({ jobs }: CompileCall, host: CommandLineHost): boolean {
  return jobs.length > 1 && jobs.some(({ source }) => !host.fileExists(source));
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
