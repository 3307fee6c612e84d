/** What the calls of one build that were no hits have in common. Pure. */
import type { KeptCall, KeptCalls } from './kept-call.ts';
import type { MissCause } from './miss-causes.ts';
import { type Folder, wordsOfCause } from './words.ts';

/** Calls for one reason. */
export interface ReasonGroup {
  readonly result: 'miss' | 'handedOn';
  /** The kind of the first cause, or of the reason why the calls were handed on. */
  readonly kind: string;
  readonly text: string;
  /** What would have them cached. */
  readonly cures: readonly string[];
  readonly calls: number;
  /** How long the calls took together, in milliseconds. */
  readonly ms: number;
  /** Their sources, each once. */
  readonly sources: readonly string[];
}

/** A header or option, and what it cost. */
export interface Cost {
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
}

export interface BuildReasons {
  /** The worst first: those that took longest. */
  readonly groups: readonly ReasonGroup[];
  readonly headers: readonly Cost[];
  readonly options: readonly Cost[];
  /** Results that were not stored, by reason. */
  readonly notStored: readonly Cost[];
}

/** A source, and a call that compiled it. */
export interface SourceOfCall {
  readonly source: string;
  readonly call: KeptCall;
  /** True if the call is counted by another of its sources. */
  readonly isCounted: boolean;
}

/** All calls, once for each of their sources: a call that was handed on with several sources is kept for each of them. */
export function sourcesOfCalls(all: readonly KeptCalls[]): SourceOfCall[] {
  const counted = new Set<string>();
  return all.flatMap(({ source, calls }) =>
    calls.map((call) => {
      const isCounted = call.call !== undefined && counted.has(call.call);
      if (call.call !== undefined) counted.add(call.call);
      return { source, call, isCounted };
    }),
  );
}

/** The reasons of all calls that ended in a span of time. */
export function buildReasons(
  all: readonly KeptCalls[],
  { from, to }: { readonly from: number; readonly to: number },
  seenFrom: Folder,
): BuildReasons {
  const groups = new Map<string, GrowingGroup>();
  const [headers, options, notStored] = [
    new Map<string, Cost>(),
    new Map<string, Cost>(),
    new Map<string, Cost>(),
  ];
  const inSpan = ({ call }: SourceOfCall) => call.at >= from && call.at <= to;
  for (const one of sourcesOfCalls(all).filter(inSpan)) {
    addToGroup(groups, one, seenFrom);
    if (one.isCounted) continue;
    const { verdict, ms } = one.call;
    if (verdict.kind === 'handedOn') {
      if (verdict.reason.option !== undefined) addCost(options, verdict.reason.option, ms);
      continue;
    }
    for (const cause of verdict.causes) {
      if (isOfHeader(cause)) addCost(headers, cause.path, ms);
      if ('option' in cause) addCost(options, cause.option, ms);
    }
    if (verdict.result === 'notStored') addCost(notStored, verdict.because ?? '', ms);
  }
  return {
    groups: worstFirst(groups.values()),
    headers: worstFirst(headers.values()),
    options: worstFirst(options.values()),
    notStored: worstFirst(notStored.values()),
  };
}

function isOfHeader(cause: MissCause): cause is Extract<MissCause, { path: string }> {
  return /^(?:header|foundFirst|askedFile)/.test(cause.kind);
}

type GrowingGroup = ReasonGroup & { readonly sources: string[] };

function addToGroup(
  groups: Map<string, GrowingGroup>,
  { source, call, isCounted }: SourceOfCall,
  from: Folder,
): void {
  const { verdict, ms } = call;
  const cause =
    verdict.kind === 'miss' ? withoutIncluder(verdict.causes[0] ?? { kind: 'newKey' }) : undefined;
  const result = verdict.kind;
  const kind = cause?.kind ?? (verdict.kind === 'handedOn' ? verdict.reason.kind : 'newKey');
  const text = cause ? wordsOfCause(cause, from) : verdict.kind === 'handedOn' ? verdict.reason.because : '';
  const name = `${result}\n${text}`;
  const known = groups.get(name);
  const sources = known?.sources ?? [];
  // The calls of one source follow each other.
  if (sources.at(-1) !== source) sources.push(source);
  groups.set(name, {
    result,
    kind,
    text,
    cures: verdict.kind === 'miss' ? [] : verdict.cures,
    calls: (known?.calls ?? 0) + (isCounted ? 0 : 1),
    ms: (known?.ms ?? 0) + (isCounted ? 0 : ms),
    sources,
  });
}

/** A header costs the same, whoever includes it. */
function withoutIncluder(cause: MissCause): MissCause {
  return cause.kind === 'header' ? { kind: 'header', path: cause.path } : cause;
}

function addCost(costs: Map<string, Cost>, name: string, ms: number): void {
  const known = costs.get(name);
  costs.set(name, { name, calls: (known?.calls ?? 0) + 1, ms: (known?.ms ?? 0) + ms });
}

function worstFirst<Costly extends { readonly ms: number; readonly calls: number }>(
  all: Iterable<Costly>,
): Costly[] {
  return [...all].sort((left, right) => right.ms - left.ms || right.calls - left.calls);
}
