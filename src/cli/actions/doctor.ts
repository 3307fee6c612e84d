import { PLAIN } from '../../config/terminal.ts';
import type { CheckedFinding } from '../../doctor/doctor-text.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { waitingLine } from '../progress.ts';

/** `clcache --doctor`: checks the set-up. Status 1 if a build would get nothing from the cache. */
export async function examineSetup(
  context: CliContext,
  { modifiers }: Pick<OwnLine, 'modifiers'>,
): Promise<number> {
  const { doctorJson, findingText, isServed, summaryText } = await import('../../doctor/doctor-text.ts');
  const isJson = '--json' in modifiers;
  const all: CheckedFinding[] = [];
  let waiting: ReturnType<typeof waitingLine> | undefined;
  await context.examine?.({
    begins(title) {
      waiting = waitingLine(context, `${title} ...`);
    },
    ends(title, findings) {
      waiting?.end();
      for (const finding of findings) {
        all.push({ title, finding });
        if (!isJson) context.stdout(findingText(title, finding, context.look ?? PLAIN));
      }
    },
  });
  context.stdout(isJson ? doctorJson(all) : summaryText(all));
  return isServed(all) ? 0 : 1;
}
