import { allCallsIn } from '../../compile/why/find-calls.ts';
import { whyOf, whyOfLastBuild } from '../../compile/why/why.ts';
import { PLAIN } from '../../config/terminal.ts';
import { buildJson, buildText } from '../../explain/build-text.ts';
import { answerText, callJson } from '../../explain/call-text.ts';
import { oneLine } from '../../util/one-line.ts';
import type { CliContext, OwnLine } from '../context.ts';

const NOTHING = 'No build is known in this cache. clcache --doctor checks the set-up.\n';

/**
 * `clcache --why [FILE…]`: says why the last compile of each source or object was no hit, or why those of the last build
 * were none. Status 1 if nothing is known of a name.
 */
export async function explainMisses(
  context: CliContext,
  { values, modifiers }: Pick<OwnLine, 'values' | 'modifiers'>,
): Promise<number> {
  const { config, look = PLAIN } = context;
  if (config.disabled) context.stderr('clcache: CLCACHE_DISABLE is set: here every call is handed on\n');
  const all = allCallsIn(config);
  const isJson = '--json' in modifiers;
  if (values.length === 0) {
    const build = await whyOfLastBuild(config, all);
    const isUnreadable = complainOf(all.unreadable(), context);
    if (build) context.stdout(isJson ? buildJson(build) : buildText(build, look));
    else if (isJson) context.stdout('{ "build": null }\n');
    else if (!isUnreadable) context.stdout(NOTHING);
    return build || !isUnreadable ? 0 : 1;
  }
  const answers = values.map((name) => ({ name, calls: whyOf(name, config, all) }));
  const found = answers.flatMap(({ calls }) => calls);
  const { style } = config;
  if (found.length > 0) {
    const calls = found.map((call) => callJson(call, style));
    const json = () => `${JSON.stringify({ calls }, undefined, 2)}\n`;
    const known = answers.filter((answer) => answer.calls.length > 0);
    context.stdout(isJson ? json() : known.map((answer) => answerText(answer, look, style)).join('\n'));
  }
  const missing = answers.filter(({ calls }) => calls.length === 0).map(({ name }) => `'${name}'`);
  const isUnreadable = complainOf(all.unreadable(), context);
  if (missing.length === 0) return 0;
  const because = isUnreadable
    ? 'perhaps its record is one that cannot be read'
    : 'it was a hit each time, or no call for it came here';
  return unknown(context, `nothing is known of ${missing.join(', ')}: ${because}; see clcache --doctor`);
}

/** Names what could not be read, on stderr. Returns whether there was anything. */
function complainOf(unreadable: readonly string[], { stderr }: Pick<CliContext, 'stderr'>): boolean {
  const [first, ...others] = unreadable;
  if (first === undefined) return false;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  stderr(`clcache: ${oneLine(`records of calls cannot be read, or are broken: ${first}${more}`)}\n`);
  return true;
}

function unknown(context: CliContext, because: string): number {
  context.stderr(`clcache: ${oneLine(because)}\n`);
  return 1;
}
