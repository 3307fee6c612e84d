import type { CommandLineHost } from '../commandline/compile-call.ts';
import { suffixOf } from '../commandline/file-name.ts';
import { parseCommandLine } from '../commandline/read/parse.ts';
import type { CompilerRecord } from '../compiler/identity/compiler-record.ts';
import type { Config } from '../config/config.ts';
import type { HandOnReason } from '../explain/hand-on.ts';
import type { Verdict } from '../explain/kept-call.ts';
import { versionWords } from '../explain/version-words.ts';
import { wordsOfVerdict } from '../explain/words.ts';
import { digestOfParts } from '../hash/digest.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { absolutePath } from '../util/paths.ts';
import { curesFor, type HandedLine } from './cures.ts';
import { expandLine, hostOf } from './expand-line.ts';
import { keepCall, reasonsOf } from './keep-reasons.ts';

/** A call that the compiler gets unchanged. */
export interface HandedCall {
  readonly reason: HandOnReason;
  readonly compiler: string;
  readonly arguments: readonly string[];
  /** What is known of the compiler. */
  readonly record: Parameters<typeof hostOf>[1] & Partial<Pick<CompilerRecord, 'versionText'>>;
}

/** The words for the log. */
export function wordsOfCall(call: HandedCall, config: Config): string {
  return `${wordsOfVerdict(verdictOf(call, lineOf(call, config)))}; calling ${call.compiler}`;
}

/** Keeps for each source of a call why it was handed on. A line without a source is kept under its first file. Throws system errors. */
export function keepHandOn(call: HandedCall, config: Config, ms: number): void {
  const line = lineOf(call, config);
  const verdict = verdictOf(call, line);
  const { workingDirectory, style, baseDirectories, cacheDirectory } = config;
  const folder = layoutOf(cacheDirectory).reasons;
  const at = Date.now();
  const sources = sourcesOf(call, line, config);
  const name = sources.length > 1 ? digestOfParts([String(at), workingDirectory, ...sources]) : undefined;
  for (const source of sources) {
    const known = reasonsOf(folder, style, absolutePath(style, workingDirectory, source));
    keepCall(known, {
      at,
      ...(name !== undefined && { call: name }),
      ms: Math.round(ms),
      folder: workingDirectory,
      baseDirectories,
      source,
      object: '',
      compiler: { path: call.compiler, version: versionWords(call.record.versionText ?? '') },
      verdict,
    });
  }
}

function verdictOf({ reason }: HandedCall, line: HandedLine | undefined): Verdict {
  return { kind: 'handedOn', reason, cures: line ? curesFor(reason, line) : [] };
}

/** The line of a call as the compiler reads it. Undefined if it cannot be read. */
function lineOf({ record, arguments: args }: HandedCall, config: Config): HandedLine | undefined {
  const host: CommandLineHost = hostOf(config, record);
  const expanded = expandLine(args, config, host);
  return expanded.kind === 'expanded' ? { args: expanded.arguments, host } : undefined;
}

/** More sources than this are not kept one by one. */
const MOST_SOURCES = 500;
const SOURCE = /^(?:c|cc|cp|cpp|cxx|c\+\+|m|mm|ixx|cppm|s|asm)$/i;

function sourcesOf(
  { arguments: args }: HandedCall,
  line: HandedLine | undefined,
  { style }: Pick<Config, 'style'>,
): readonly string[] {
  const parsed = line && parseCommandLine(line.args, line.host);
  const inputs =
    parsed?.kind === 'parsed' ? parsed.items.flatMap((item) => (item.kind === 'input' ? item.path : [])) : [];
  const words = args.filter((word) => SOURCE.test(suffixOf(word, style)) && !/^[-@]/.test(word));
  const files = args.filter((word) => word.startsWith('@')).map((word) => word.slice(1));
  const found = [inputs, words, files].find((list) => list.length > 0) ?? [];
  return [...new Set(found)].slice(0, MOST_SOURCES);
}
