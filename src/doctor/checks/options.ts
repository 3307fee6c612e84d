import { rmSync } from 'node:fs';
import { classify } from '../../commandline/meaning/classify.ts';
import { curesFor, type HandedLine, leavingOut } from '../../compile/cures.ts';
import { expandLine, hostOf } from '../../compile/expand-line.ts';
import type { Config } from '../../config/config.ts';
import type { HandOnReason } from '../../explain/hand-on.ts';
import { wordsOfCures } from '../../explain/words.ts';
import { environmentValue, withoutVariables } from '../../util/environment.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';
import { OPTION_VARIABLES, openPlace } from '../trial.ts';
import { lineHere, whyHandedOn } from '../trial-line.ts';
import { unfitRoom } from '../try-files.ts';

/** CL stands before the arguments of a call. */
const LINK = /(?:^|[\s"])[-/]link(?:[\s"]|$)/i;

type Needed = Pick<Surroundings, 'compiler' | 'config' | 'self' | 'room'>;

/** Whether options in CL and _CL_, or a variable of the compiler, keep every call from being cached. */
export async function checkOptions({ compiler, config, self, room }: Needed): Promise<Finding[]> {
  const { found } = await compiler();
  if (found.kind !== 'compiler') return [look('not looked at, because no compiler is served')];
  const unfit = unfitRoom(room);
  if (room.kind === 'none' || unfit !== undefined) return [look(`not looked at: ${unfit}`)];
  const { compiler: path, record } = found;
  const place = openPlace({ config, self, compiler: path, record, room: room.path }, 'options');
  const reasonWith = (environment: Config['environment']): Promise<HandOnReason | undefined> =>
    whyHandedOn(lineHere(place, { ...config, environment }), { compiler: path, record });
  try {
    const reason = await reasonWith(config.environment);
    const set = OPTION_VARIABLES.filter((name) => environmentValue(config.environment, config.style, name));
    if (reason === undefined) return [good(praise(set))];
    const from = await namesOf(set, (name) =>
      reasonWith(withoutVariables(config.environment, config.style, [name])),
    );
    const line = lineHere(place, config);
    const host = hostOf(line.context.config, record);
    const expanded = expandLine(line.arguments, config, host);
    const isOfTheLine = from !== undefined && expanded.kind === 'expanded';
    const cures = isOfTheLine ? curesFor(reason, { args: expanded.arguments, host }) : [];
    const words = wordsAbout(reason, { from, cures, config });
    const waits = isOfTheLine && waitsForHeader(reason, { args: expanded.arguments, host });
    return [
      waits
        ? look(`${words[0]}, as long as the build has not made it`, 'look again after a build')
        : stops(...words),
    ];
  } finally {
    rmSync(place.folder, { recursive: true, force: true });
  }
}

/** True if only a precompiled header is missing, which the build makes before it is used. */
function waitsForHeader({ kind }: HandOnReason, { args, host }: HandedLine): boolean {
  const fileExists = (path: string) => /\.pch$/i.test(path) || host.fileExists(path);
  return kind === 'precompiledHeader' && classify(args, { ...host, fileExists }, 1).kind === 'cacheable';
}

/** What is found, and what to do. */
function wordsAbout(
  { kind, because, option }: HandOnReason,
  {
    from,
    cures,
    config: { environment, style },
  }: {
    readonly from: string | undefined;
    readonly cures: readonly string[];
    readonly config: Pick<Config, 'environment' | 'style'>;
  },
): [found: string, advice: string] {
  if (from === undefined) return [`no call is cached: ${because}`, 'unset it for the build'];
  if (kind === 'noSource' && from === 'CL' && LINK.test(environmentValue(environment, style, from) ?? ''))
    return [
      'no call is cached: /link in CL gives all that follows to the linker, also the source',
      'take it out of CL: link.exe reads the variable LINK',
    ];
  const others = cures.filter((cure) => option === undefined || cure !== leavingOut(option));
  const change = `take ${option ?? 'it'} out of ${from}`;
  const advice = others.length === 0 ? change : `${wordsOfCures(others)}; else ${change}`;
  return [`no call is cached: ${because}, from ${from}`, advice];
}

function praise(set: readonly string[]): string {
  return set.length === 0
    ? 'CL and _CL_ are not set'
    : `nothing in ${set.join(' and ')} keeps calls from the cache`;
}

/** The variable without which calls are cached. Both, if neither alone decides. */
async function namesOf(
  set: readonly string[],
  reasonWithout: (name: string) => Promise<HandOnReason | undefined>,
): Promise<string | undefined> {
  for (const name of set) if ((await reasonWithout(name)) === undefined) return name;
  return set.length === 2 ? set.join(' and ') : undefined;
}
