/** What makes the key of a call another one than that of an earlier call. Pure. */
import { type ManifestKeyParts, readManifestKeyParts } from '../cache/key.ts';
import { type KeptCall, type KeptCalls, type KeptLookup, partsIn } from './kept-call.ts';
import type { MissCause } from './miss-causes.ts';
import { type OptionDifference, optionDifferences } from './options-difference.ts';
import { type PlainPath, plainPath } from './plain-path.ts';
import { variableDifferences } from './variables-difference.ts';
import { isMasked } from './without-secrets.ts';

/** What is compared of a call. */
export type ComparedCall = Pick<KeptCall, 'folder' | 'source' | 'object' | 'baseDirectories' | 'compiler'> & {
  readonly lookup: Pick<KeptLookup, 'parts' | 'variables'>;
};

/** The causes of a miss for whose key nothing was stored, by the known call that differs least from it. */
export function causesOfNewKey(now: ComparedCall, known: readonly KeptCall[]): readonly MissCause[] {
  const nearest = nearestKnown(now, known);
  return nearest ? differences(nearest, now) : [{ kind: 'first' }];
}

/** The known call that a call is compared with. Undefined if there is none. */
export function nearestKnown(now: ComparedCall, known: readonly KeptCall[]): Comparable | undefined {
  return nearestTo(now, known.filter(isComparable));
}

/**
 * The calls of a source, the newest first, with the causes that a comparison with older ones shows. If older ones were
 * there and made room, the oldest is not said to be the first.
 */
export function compared(
  calls: readonly KeptCall[],
  { forgotten = 0 }: Pick<KeptCalls, 'forgotten'> = {},
): readonly KeptCall[] {
  return calls.map((call, index) => {
    const { verdict, lookup } = call;
    if (verdict.kind !== 'miss' || !lookup || verdict.causes[0]?.kind !== 'newKey') return call;
    const [newKey, ...besides] = verdict.causes;
    const found =
      lookup.parts === '' ? [newKey] : causesOfNewKey({ ...call, lookup }, calls.slice(index + 1));
    const causes = forgotten > 0 && found[0]?.kind === 'first' ? [{ kind: 'forgotten' } as const] : found;
    return { ...call, verdict: { ...verdict, causes: [...causes, ...besides] } };
  });
}

/**
 * The causes of a call that is the first one known of its source, if the same source is known in another folder: one of
 * `others`, which have its name, with its contents or in a folder of the same name. Undefined if it is not. What was
 * compiled later is no reason for an earlier miss.
 */
export function causesElsewhere(
  call: KeptCall,
  source: string,
  others: readonly KeptCalls[],
): readonly MissCause[] | undefined {
  const { lookup } = call;
  if (!lookup || lookup.parts === '') return undefined;
  const digest = partsIn(lookup.parts).at(-1);
  const [, above] = source.split(/[\\/]/).reverse();
  const known = others
    .filter((other) => other.source !== source)
    .flatMap((other) => {
      const isAlike = other.source.split(/[\\/]/).at(-2) === above;
      return other.calls
        .filter(isComparable)
        .filter(({ at }) => at < call.at)
        .filter((one) => isAlike || partsIn(one.lookup.parts).at(-1) === digest);
    });
  const nearest = nearestTo({ ...call, lookup }, known);
  return nearest && differences(nearest, { ...call, lookup });
}

type Comparable = KeptCall & { readonly lookup: KeptLookup };

function isComparable(call: KeptCall): call is Comparable {
  return call.lookup !== undefined && call.lookup.parts !== '';
}

/** The call of which the least would be said. Of equals, that for the same object, then the newest. */
function nearestTo(now: ComparedCall, known: readonly Comparable[]): Comparable | undefined {
  let least = Number.POSITIVE_INFINITY;
  let nearest: Comparable | undefined;
  for (const call of known) {
    const isSameObject = call.object === now.object && call.folder === now.folder;
    const distance = distanceOf(differences(call, now)) + (isSameObject ? 0 : 0.5);
    if (distance >= least) continue;
    least = distance;
    nearest = call;
  }
  return nearest;
}

/** What cannot be told apart is far, so that it is compared with only if there is nothing else. */
const FAR = 1000;

function distanceOf(causes: readonly MissCause[]): number {
  return causes.some(({ kind }) => kind === 'newKey' || kind === 'clcache') ? FAR : causes.length;
}

const READ = new WeakMap<object, ManifestKeyParts | undefined>();

/** What a key was made from. It is kept, because each call is compared with many. */
function readParts(lookup: ComparedCall['lookup']): ManifestKeyParts | undefined {
  if (!READ.has(lookup)) READ.set(lookup, readManifestKeyParts(partsIn(lookup.parts)));
  return READ.get(lookup);
}

/** The differences of two calls, of which the first is the earlier one. Never empty. */
export function differences(before: Comparable, now: ComparedCall): readonly MissCause[] {
  const [old, own] = [readParts(before.lookup), readParts(now.lookup)];
  if (!old || !own) return [{ kind: 'newKey' }];
  if (old.format !== own.format) return [{ kind: 'clcache' }];
  const options = optionDifferences(old.options, own.options);
  const inputs = inputDifferences(old, own);
  const causes: MissCause[] = [
    ...(old.compilerIdentity === own.compilerIdentity ? [] : [compilerCause(now.compiler, before.compiler)]),
    ...options.flatMap((one) => causeOfOption(one, before, now)),
    ...notes(old.showIncludes, own.showIncludes),
    ...variableDifferences(old.environment, own.environment, {
      before: (path) => written(path, before),
      now: (path) => written(path, now),
    }),
    ...inputs,
  ];
  if (old.language !== own.language && options.length === 0)
    causes.push({ kind: 'language', language: own.language, before: old.language });
  causes.push(...placeDifferences({ before, old }, { now, own }, causes.length > 0));
  if (old.sourceDigest !== own.sourceDigest) causes.push({ kind: 'source' });
  if (causes.length > 0) return causes;
  return [isMasked(now.lookup.parts) ? { kind: 'masked' } : { kind: 'newKey' }];
}

function causeOfOption(one: OptionDifference, before: ComparedCall, now: ComparedCall): readonly MissCause[] {
  switch (one.kind) {
    case 'added':
      return [{ kind: 'optionAdded', option: one.option, ...fromVariable(one.option, now) }];
    case 'removed':
      return [{ kind: 'optionRemoved', option: one.option, ...fromVariable(one.option, before) }];
    case 'changed':
      return [{ ...one, kind: 'optionChanged', ...fromVariable(one.option, now) }];
    case 'order':
      return [{ ...one, kind: 'optionOrder' }];
    case 'output':
      return [{ ...one, kind: 'outputName' }];
    case 'respelled': {
      const [option, earlier] = [one.text + written(one.path, now), one.text + written(one.before, before)];
      return [{ kind: 'optionChanged', option, before: earlier }];
    }
    case 'place':
      return [];
  }
}

function compilerCause(now: KeptCall['compiler'], before: KeptCall['compiler']): MissCause {
  return { kind: 'compiler', compiler: now.version, before: before.version };
}

function notes(old: string, own: string): readonly MissCause[] {
  if (old === own) return [];
  const option = (value: string) => (value === 'user' ? '/showIncludes:user' : '/showIncludes');
  return own === 'no'
    ? [{ kind: 'optionRemoved', option: option(old) }]
    : [{ kind: 'optionAdded', option: option(own) }];
}

function inputDifferences(old: ManifestKeyParts, own: ManifestKeyParts): MissCause[] {
  return own.inputFiles.flatMap(({ path, digest }) => {
    const other = old.inputFiles.find((one) => one.path === path);
    return other && other.digest !== digest ? [{ kind: 'inputFile', path: plainPath(path).spelled }] : [];
  });
}

/** A path as the command line had it: what is below a base directory was absolute there, if nothing else is said. */
function written({ key, spelled }: PlainPath, { baseDirectories }: ComparedCall): string {
  return key.startsWith('?')
    ? key.replace(/^\?(\d+)/, (_, index) => baseDirectories[Number(index)] ?? '')
    : spelled;
}

/** How the folders of two calls differ, where that makes the key another one. */
function placeDifferences(
  { before, old }: { before: ComparedCall; old: ManifestKeyParts },
  { now, own }: { now: ComparedCall; own: ManifestKeyParts },
  isExplained: boolean,
): readonly MissCause[] {
  const [earlier, paths] = [pathsOf(old), pathsOf(own)];
  const differing = [...lacking(paths, earlier), ...lacking(earlier, paths)];
  const isSameSource = old.source === own.source;
  if (isSameSource && (isExplained || differing.length === 0)) return [];
  const bases = before.baseDirectories.join(';');
  if (before.folder === now.folder && bases !== now.baseDirectories.join(';'))
    return [{ kind: 'baseDirectories', before: bases }];
  const sources = [own.source, old.source].map(plainPath);
  const isSameFile = !isSameSource && sources[0]?.absolute === sources[1]?.absolute;
  if ((isSameFile || before.folder === now.folder) && now.source !== before.source)
    return [{ kind: 'spelling', source: now.source, before: before.source }];
  if (before.folder === now.folder) return [];
  const isCovered = (isSameSource ? differing : sources).every(({ absolute }) => absolute.startsWith('?'));
  return [{ kind: isCovered ? 'otherPlace' : 'folder', before: before.folder }];
}

function pathsOf({ source, options }: ManifestKeyParts): readonly PlainPath[] {
  return [source, ...options.map(({ path }) => path)].map(plainPath);
}

/** The paths of a list that the other list lacks. */
function lacking(list: readonly PlainPath[], others: readonly PlainPath[]): readonly PlainPath[] {
  return list.filter(({ key }) => !others.some((other) => other.key === key));
}

/** The variable that an option comes from, if one adds it to the line. */
function fromVariable(option: string, { lookup }: ComparedCall): { readonly variable?: string } {
  const bare = option.replace(/^[-/]/, '').replaceAll('"', '');
  const found = Object.entries(lookup.variables).find(([, text]) =>
    text.replaceAll('"', '').replaceAll('#', '=').replaceAll(' ', '').includes(bare.replaceAll(' ', '')),
  );
  return found ? { variable: found[0] } : {};
}
