/** The line that prints what the compiler makes of a source before it compiles it. */
import type { CompileJob } from './compile-call.ts';

/**
 * Arguments that make the compiler print the preprocessed source of `job` on stdout: `/EP` without `#line`, `/E` with.
 * Outputs, `/c` and include notes are out; warnings are off, since cl has warnings of its own under `/E` that `/WX`
 * or `/we4668` would make errors of.
 */
export function preprocessorArguments(job: CompileJob, mode: 'EP' | 'E'): string[] {
  return [...preprocessorOptions(job, mode), ...job.sourceArguments];
}

/** Arguments that make clang-cl print the include notes of `job` on stderr, and that alone. */
export function headerListArguments(job: CompileJob): string[] {
  return [...preprocessorOptions(job, 'EP'), '/showIncludes', '-Xclang', '-Eonly', ...job.sourceArguments];
}

function preprocessorOptions(job: CompileJob, mode: 'EP' | 'E'): string[] {
  const options = job.optionArguments.filter((argument) => !/^[-/]we\d+$/.test(argument));
  return [...options, '/nologo', `/${mode}`, '/w', '/WX-'];
}
