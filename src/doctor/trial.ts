/**
 * A trial compile: a small source, cold, warm and with a changed header, in a folder and with a cache of its own. Each
 * object is compared with the one that the compiler makes by itself.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileContext } from '../compile/compile-context.ts';
import { compileRequest } from '../compile/compile-request.ts';
import { prepare } from '../compile/open-session.ts';
import type { PassedCall } from '../compile/pass-through.ts';
import type { KnownCompiler } from '../compiler/identity/compiler-record.ts';
import { runCompiler } from '../compiler/run/run.ts';
import type { Config } from '../config/config.ts';
import { unprofiled } from '../diagnostics/profile.ts';
import type { HandOnReason } from '../explain/hand-on.ts';
import { glanceAtStatistics } from '../statistics/statistics-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { isSameObject } from './object-files.ts';
import { learntFolder, ownConfig } from './own-config.ts';

export interface TrialStep {
  readonly name: 'cold' | 'warm' | 'header changed';
  readonly milliseconds: number;
  readonly status: number;
  /** What was counted. */
  readonly was: 'hit' | 'miss' | 'neither';
  /** True if the object has the bytes of the compiler's own. */
  readonly isSame: boolean;
  /** What the log said of the source, for a step that did not end as it should. */
  readonly said: readonly string[];
}

export type Trial =
  | { readonly kind: 'compared'; readonly bareMilliseconds: number; readonly steps: readonly TrialStep[] }
  | { readonly kind: 'handedOn'; readonly reason: HandOnReason }
  /** The compiler by itself failed. */
  | { readonly kind: 'compilerFailed'; readonly status: number; readonly said: string }
  /** The compiler makes another object each time. */
  | { readonly kind: 'unsteady' };

export interface TrialPlan {
  readonly config: Config;
  readonly self: string;
  readonly compiler: string;
  readonly record: KnownCompiler;
  /** A folder for all of it. It must be there. */
  readonly room: string;
}

/** The variables from which cl and clang-cl take options. */
export const OPTION_VARIABLES = ['CL', '_CL_'];
export const TRIAL_SOURCE = 'trial.cpp';
export const TRIAL_OPTIONS = ['/nologo', '/c'];
const TRIAL_LINE = [...TRIAL_OPTIONS, TRIAL_SOURCE];
const HEADER = 'trial.h';
/** Nothing of it is worth a warning, in C and in C++, also where all are on and count as errors. */
const SOURCE = `#include "${HEADER}"
int tried(int value);
int tried(int value) { return value + CLCACHE_TRIAL; }
`;

/** Runs it in a new folder of this name. Rejects with system errors, and if the compiler cannot be started. */
export async function runTrial(plan: TrialPlan, name = 'trial'): Promise<Trial> {
  const place = openPlace(plan, name);
  const { compiler, record } = plan;
  const prepared = await prepare({ compiler, record, arguments: TRIAL_LINE }, place.context);
  if (prepared.kind === 'handOn') return { kind: 'handedOn', reason: prepared.reason };
  const object = prepared.session.request.call.jobs[0]?.outputs[0]?.path ?? '';
  const bare = () => bareCompile(prepared.passed, place.folder, object);
  const first = await bare();
  if (first.bytes === undefined) return { kind: 'compilerFailed', ...first };
  const steps = [
    await place.step('cold', object, first.bytes),
    await place.step('warm', object, first.bytes),
  ];
  if (steps.some(({ isSame }) => !isSame)) {
    const again = await bare();
    if (again.bytes !== undefined && !isSameObject(first.bytes, again.bytes)) return { kind: 'unsteady' };
  }
  place.writeHeader(2);
  const second = await bare();
  if (second.bytes === undefined) return { kind: 'compilerFailed', ...second };
  steps.push(await place.step('header changed', object, second.bytes));
  return { kind: 'compared', bareMilliseconds: first.milliseconds, steps };
}

export interface Place {
  readonly folder: string;
  readonly context: CompileContext;
  readonly writeHeader: (value: number) => void;
  readonly step: (name: TrialStep['name'], object: string, expected: Uint8Array) => Promise<TrialStep>;
}

/** A folder in the room, with the source, a cache folder and the context of calls in it. */
export function openPlace({ config, self, compiler, room }: TrialPlan, name: string): Place {
  const folder = join(room, name);
  mkdirSync(folder);
  const cacheDirectory = join(folder, 'cache');
  takeCompilers(room, cacheDirectory);
  const log: string[] = [];
  const context: CompileContext = {
    config: {
      ...ownConfig(config, { cacheDirectory, workingDirectory: folder, compiler }),
      // So that calls are explained. The lines go to this module only.
      log: { kind: 'stderr' },
    },
    self,
    calledAs: undefined,
    trace: (line) => log.push(line()),
    profile: unprofiled,
    stdout: () => {},
    stderr: () => {},
    warn: (line) => log.push(line),
  };
  const writeHeader = (value: number) =>
    writeFileSync(join(folder, HEADER), `#define CLCACHE_TRIAL ${value}\n`);
  writeFileSync(join(folder, TRIAL_SOURCE), SOURCE);
  writeHeader(1);
  const { statistics } = layoutOf(cacheDirectory);
  return {
    folder,
    context,
    writeHeader,
    async step(stepName, object, expected) {
      rmSync(object, { force: true });
      log.length = 0;
      const before = glanceAtStatistics(statistics);
      const start = performance.now();
      const status = await compileRequest(TRIAL_LINE, context);
      const milliseconds = performance.now() - start;
      const { CacheHits, CacheMisses } = glanceAtStatistics(statistics);
      const isHit = CacheHits > before.CacheHits;
      return {
        name: stepName,
        milliseconds,
        status,
        was: isHit ? 'hit' : CacheMisses > before.CacheMisses ? 'miss' : 'neither',
        isSame: isSameObject(expected, bytesIfThere(object)),
        said: log.filter((line) => !line.includes(' key ')),
      };
    },
  };
}

/** What was learnt of compilers for this examination. To learn it again would count as time of the first compile. */
function takeCompilers(room: string, cacheDirectory: string): void {
  const { compilers } = layoutOf(learntFolder(room));
  if (existsSync(compilers)) cpSync(compilers, layoutOf(cacheDirectory).compilers, { recursive: true });
}

interface BareCompile {
  readonly milliseconds: number;
  readonly status: number;
  /** The first line of its output. */
  readonly said: string;
  /** The object. Undefined if the compiler failed or wrote none. */
  readonly bytes: Uint8Array | undefined;
}

async function bareCompile(
  { compiler, arguments: args, environment }: PassedCall,
  workingDirectory: string,
  object: string,
): Promise<BareCompile> {
  rmSync(object, { force: true });
  const call = { compiler, arguments: args, environment, workingDirectory, hasNoInput: true };
  const start = performance.now();
  const { status, stdout, stderr } = await runCompiler(call);
  const milliseconds = performance.now() - start;
  const text = `${stderr}\n${stdout}`.trim().split(/\r?\n/)[0] ?? '';
  return { milliseconds, status, said: text, bytes: status === 0 ? bytesIfThere(object) : undefined };
}

function bytesIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
