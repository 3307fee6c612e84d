import type {
  Classification,
  CommandLineHost,
  CompileCall,
  CompileJob,
  JobOutput,
} from '../../src/commandline/compile-call.ts';
import { classify } from '../../src/commandline/meaning/classify.ts';

/** cl on Windows, in `C:\work`; every file exists. */
export const CL: CommandLineHost = {
  family: 'cl',
  clangVersion: undefined,
  style: 'win32',
  workingDirectory: 'C:\\work',
  fileExists: () => true,
  folderExists: (path) => path.endsWith('.dir'),
};

/** clang-cl on Windows, in `C:\work`. */
export const CLANG_CL_WINDOWS: CommandLineHost = { ...CL, family: 'clang-cl', clangVersion: 19 };

/** clang-cl on POSIX, in `/tree`; what lies in `/src`, `/Users` or `/home` exists. */
export const CLANG_CL: CommandLineHost = {
  family: 'clang-cl',
  clangVersion: 14,
  style: 'posix',
  workingDirectory: '/tree',
  fileExists: (path) => /^\/(?:src|Users|home|work)\//.test(path),
  folderExists: () => false,
};

/** Words of a line, split at blanks. */
export function words(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

export function classifyLine(line: string, host: CommandLineHost): Classification {
  return classify(words(line), host, 4);
}

/** The call of a line. Fails if it cannot be cached. */
export function callOf(line: string | readonly string[], host: CommandLineHost): CompileCall {
  const args = typeof line === 'string' ? words(line) : line;
  const result = classify(args, host, 4);
  if (result.kind === 'uncacheable')
    throw new Error(`${args.join(' ')}: ${result.reason}: ${result.because}`);
  return result.call;
}

export function onlyJob(line: string | readonly string[], host: CommandLineHost): CompileJob {
  const { jobs } = callOf(line, host);
  const [job] = jobs;
  if (!job || jobs.length > 1) throw new Error(`${jobs.length} jobs`);
  return job;
}

/** `role path` of each output of the only job. */
export function outputsOf(line: string, host: CommandLineHost): string[] {
  return onlyJob(line, host).outputs.map(({ role, path }: JobOutput) => `${role} ${path}`);
}

/** The key of the only job as one text. */
export function keyOf(line: string | readonly string[], host: CommandLineHost): string {
  return JSON.stringify(onlyJob(line, host).keyParts);
}

/** Why a line is not cached. 'cacheable' if it is. */
export function reasonOf(line: string, host: CommandLineHost): string {
  const result = classifyLine(line, host);
  return result.kind === 'cacheable' ? 'cacheable' : result.reason;
}
