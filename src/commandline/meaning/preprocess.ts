/** Makes the arguments for a run of the preprocessor. */
import type { CompileJob } from '../compile-call.ts';

/**
 * Arguments that make the compiler print the preprocessed source of `job` on stdout: `/EP` without `#line`, `/E` with.
 * Outputs, `/c` and include notes are left out. Warnings are off, because cl has additional warnings with `/E`, which
 * `/WX` or `/we4668` would turn into errors.
 */
export function preprocessorArguments(job: CompileJob, mode: 'EP' | 'E'): string[] {
  return [...preprocessorOptions(job, mode), ...job.sourceArguments];
}

/**
 * Arguments that make clang-cl print on stdout the notes of what `job` includes besides its precompiled header. The
 * preprocessor alone reads headers in place of that (`BuildActions` in clang's `Driver.cpp`), perhaps under other macros.
 */
export function restOfHeaderListArguments(job: CompileJob): string[] {
  const options = job.optionArguments.filter((argument) => !/^[-/]we\d+$/.test(argument));
  return [...options, '/nologo', '/Zs', '/showIncludes', '/w', '/WX-', ...job.sourceArguments];
}

/** Arguments that make clang-cl print the include notes of `job` on stderr, and nothing else. */
export function headerListArguments(job: CompileJob): string[] {
  return [...preprocessorOptions(job, 'EP'), '/showIncludes', '-Xclang', '-Eonly', ...job.sourceArguments];
}

function preprocessorOptions(job: CompileJob, mode: 'EP' | 'E'): string[] {
  const options = job.optionArguments.filter((argument) => !/^[-/]we\d+$/.test(argument));
  return [...options, '/nologo', `/${mode}`, '/w', '/WX-'];
}
