/** What `clcache --why NAME` says of a call, as lines for a person and as JSON. */
import type { TextLook } from '../config/terminal.ts';
import { localTime } from '../report/amounts.ts';
import { wrapped } from '../util/wrapped.ts';
import type { KeptCall } from './kept-call.ts';
import type { MissCause } from './miss-causes.ts';
import { type Folder, wordsOfCause, wordsOfVerdict } from './words.ts';

const WIDTH = 80;

/** A call, and what is known of it today. */
export interface ExplainedCall {
  /** An absolute path. */
  readonly source: string;
  /** Set if the user meant another file, of which nothing is known: the path of that file. */
  readonly insteadOf?: string;
  readonly call: KeptCall;
  /** When its result was last served, in milliseconds since 1970. */
  readonly hitAt?: number;
  /** Whether the same call would be a hit now. */
  readonly now: 'hit' | 'unknown' | MissCause;
  /** What could be done about it. */
  readonly advice: readonly string[];
}

/** The lines of a call, each with a line feed. */
export function callText(
  { source, call, hitAt, now, advice }: ExplainedCall,
  look: TextLook,
  style: Folder['style'],
): string {
  const { verdict, folder, object, at } = call;
  const from = { style, workingDirectory: folder };
  const what = verdict.kind === 'miss' ? 'miss' : 'handed on';
  const lines: string[] = [
    ...paragraph(`${source}${object === '' ? '' : ` (object ${object})`}`, ''),
    ...paragraph(`called in ${folder}`, '  '),
  ];
  const head = `  ${localTime(at)} `;
  if (verdict.kind === 'miss') {
    const words = verdict.causes.map((cause) => wordsOfCause(cause, from));
    const blank = ' '.repeat(head.length);
    lines.push(
      ...words.flatMap((text, index) =>
        headed(index === 0 ? head : blank, `${index === 0 ? 'miss: ' : 'and: '}${text}`),
      ),
    );
    lines.push(...paragraph(wordsOfVerdict(verdict), blank));
  } else {
    lines.push(...headed(head, wordsOfVerdict(verdict)));
  }
  if (hitAt !== undefined) lines.push(...headed(`  ${localTime(hitAt)} `, 'hit'));
  if (now === 'hit') lines.push('  now: the same call would be a hit');
  else if (now !== 'unknown')
    lines.push(...headed('  now: ', `the same call would be a miss, because ${wordsOfCause(now, from)}`));
  for (const text of advice) lines.push(...headed(look.signs ? '  → ' : '  -> ', text));
  const text = lines.map((line) => `${line}\n`).join('');
  return look.colours ? coloured(text, what) : text;
}

/** What is known of the file that a user named, call by call. Said first if it is another file. */
export function answerText(
  { name, calls }: { readonly name: string; readonly calls: readonly ExplainedCall[] },
  look: TextLook,
  style: Folder['style'],
): string {
  const texts = calls.map((call) => callText(call, look, style));
  if (calls.some(({ insteadOf }) => insteadOf !== undefined)) {
    const text = `Nothing is known of ${name} in this folder; of another file with this name is:`;
    texts.unshift(
      paragraph(text, '')
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return texts.join('\n');
}

/** The call as JSON has it. Times are ISO 8601. */
export function callJson(
  { source, insteadOf, call, hitAt, now, advice }: ExplainedCall,
  style: Folder['style'],
): object {
  const { verdict, folder, object, at, ms, compiler } = call;
  const from = { style, workingDirectory: folder };
  const told = (cause: MissCause) => ({ ...cause, text: wordsOfCause(cause, from) });
  return {
    source,
    ...(insteadOf !== undefined && { insteadOf }),
    object,
    folder,
    at: isoTime(at),
    ms,
    compiler: compiler.path,
    result: verdict.kind === 'miss' ? 'miss' : 'handedOn',
    ...(verdict.kind === 'miss'
      ? {
          causes: verdict.causes.map(told),
          stored: verdict.result === 'stored',
          ...(verdict.because !== undefined && { notStored: verdict.because }),
          ...(verdict.tiedBy !== undefined && { tiedBy: verdict.tiedBy }),
        }
      : { reason: verdict.reason, cures: verdict.cures }),
    ...(hitAt !== undefined && { hitAt: isoTime(hitAt) }),
    ...(now !== 'unknown' && {
      now: now === 'hit' ? { result: 'hit' } : { result: 'miss', causes: [told(now)] },
    }),
    advice,
  };
}

export function isoTime(time: number): string | undefined {
  return Number.isFinite(new Date(time).getTime()) ? new Date(time).toISOString() : undefined;
}

/** Lines that all begin with the same blanks. */
function paragraph(text: string, indent: string): string[] {
  return wrapped(text, WIDTH - indent.length).map((line) => indent + line);
}

/** Lines of which the first one begins with a head, and the others with as many blanks. */
function headed(head: string, text: string): string[] {
  const [first = '', ...rest] = paragraph(text, ' '.repeat(head.length));
  return [head + first.slice(head.length), ...rest];
}

const [RED, YELLOW, GREEN] = [31, 33, 32];

/** A miss in red, what is handed on in yellow, a hit in green. */
function coloured(text: string, what: string): string {
  const paint = (word: string, colour: number, inText: string) =>
    inText.replaceAll(new RegExp(`(?<=\\d )${word}\\b`, 'g'), `\u001b[${colour}m${word}\u001b[0m`);
  return paint('hit', GREEN, paint(what, what === 'miss' ? RED : YELLOW, text));
}
