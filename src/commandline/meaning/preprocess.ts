/** Makes the arguments for runs that print text or notes, and write nothing. */
import type { CompileJob } from '../compile-call.ts';
import { LANGUAGES } from '../languages.ts';

/**
 * Arguments that make the compiler print the preprocessed source of `job` on stdout: `/EP` without `#line`, `/E` with.
 * Outputs, `/c` and include notes are left out. Warnings are off, because cl has additional warnings with `/E`, which
 * `/WX` or `/we4668` would turn into errors.
 */
export function preprocessorArguments(job: CompileJob, mode: 'EP' | 'E'): string[] {
  return [...quietly(job, `/${mode}`), ...job.sourceArguments];
}

/** A run of clang-cl that prints include notes, and where it prints them. Its other stream does not matter. */
export interface ListingRun {
  readonly arguments: readonly string[];
  readonly stream: 'stdout' | 'stderr';
}

/** What is listed. */
interface Listed {
  /** Only the headers besides those of the precompiled header that the job uses. */
  readonly usesPrecompiled: boolean;
  /** Also the headers that were included before and are not read again, under the names that they have then. */
  readonly showsSkipped: boolean;
}

/**
 * The run that lists the headers of `job`. With a precompiled header that it uses, it parses the source: the preprocessor
 * alone reads headers in place of that (`BuildActions` in clang's `Driver.cpp`), perhaps under other macros. Otherwise it
 * only preprocesses. It prints no text then: `-Eonly` takes the place of a parse, as it may not take that of `/EP` (clang
 * 19: "'-E' action ignored").
 */
export function headerListing(job: CompileJob, { usesPrecompiled, showsSkipped }: Listed): ListingRun {
  const notes = ['/showIncludes', ...(showsSkipped ? ['-Xclang', '-fshow-skipped-includes'] : [])];
  if (LANGUAGES[job.language].isAssembled) {
    return { arguments: [...quietly(job, '/EP'), ...notes, ...job.sourceArguments], stream: 'stderr' };
  }
  const only = usesPrecompiled ? [] : ['/Y-', '-Xclang', '-Eonly'];
  return { arguments: [...quietly(job, '/Zs'), ...notes, ...only, ...job.sourceArguments], stream: 'stdout' };
}

function quietly(job: CompileJob, kind: '/EP' | '/E' | '/Zs'): string[] {
  const options = job.optionArguments.filter((argument) => !/^[-/]we\d+$/.test(argument));
  return [...options, '/nologo', kind, '/w', '/WX-'];
}
