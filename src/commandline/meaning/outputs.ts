/** Finds the files that a compile writes, with their names. */

import { absoluteFile, isVerbatim, withoutVerbatimPrefix } from '../../util/paths.ts';
import type { CommandLineHost, JobOutput } from '../compile-call.ts';
import type { CompilerFamily } from '../family.ts';
import { isDevice } from '../file-name.ts';
import type { OutputOptions } from './output-names.ts';
import { clOutputs } from './outputs-cl.ts';
import { clangClOutputs } from './outputs-clang-cl.ts';

/** A file that will be written: its spelling and its place. */
export interface PlannedOutput extends JobOutput {
  /** The compiler's name for it, relative if the line's is. */
  readonly spelled: string;
}

export type OutputPlan =
  | { readonly kind: 'planned'; readonly outputs: readonly PlannedOutput[] }
  | { readonly kind: 'refused'; readonly because: string };

const PLANS = { cl: clOutputs, 'clang-cl': clangClOutputs } as const satisfies Record<CompilerFamily, object>;

/**
 * Every file that compiling `source` writes, the object first. Or the reason why that is not certain, or cannot be
 * stored (a device, a stream, a name that Windows changes).
 */
export function planOutputs(source: string, request: OutputOptions): OutputPlan {
  const plans = PLANS[request.host.family](source, request);
  const outputs: PlannedOutput[] = [];
  for (const [role, named] of plans) {
    if ('because' in named) return { kind: 'refused', because: named.because };
    const because = unusableName(named.spelled, request.host);
    if (because !== undefined) return { kind: 'refused', because };
    const { style, workingDirectory } = request.host;
    outputs.push({
      role,
      spelled: named.spelled,
      path: absoluteFile(style, workingDirectory, named.spelled),
    });
  }
  return { kind: 'planned', outputs };
}

function unusableName(spelled: string, { style }: CommandLineHost): string | undefined {
  if (isDevice(spelled, style)) return `output to a device: ${spelled}`;
  if (style !== 'win32') return undefined;
  const name = withoutVerbatimPrefix(spelled);
  const hasSlashInName = isVerbatim(style, spelled) && spelled.includes('/');
  if (/["<>|*?]/.test(name) || hasSlashInName) return `not a file name: ${spelled}`;
  if (/^[a-z]:(?![\\/])/i.test(spelled)) return `relative to the current folder of a drive: ${spelled}`;
  if (/:/.test(name.slice(2)) || spelled.startsWith(':')) return `not an ordinary file: ${spelled}`;
  return /[. ]$/.test(spelled) ? `Windows drops the end of the name: ${spelled}` : undefined;
}
