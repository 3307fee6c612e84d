import { join } from 'node:path';
import type { CommandLineHost } from '../../commandline/compile-call.ts';
import { classify } from '../../commandline/meaning/classify.ts';
import { tokenize } from '../../commandline/read/tokenizer.ts';
import { curesFor } from '../../compile/cures.ts';
import { hostOf } from '../../compile/expand-line.ts';
import type { Config } from '../../config/config.ts';
import { wordsOfCures } from '../../explain/words.ts';
import { readFileIfThere } from '../../util/file-stat.ts';
import { isJsonObject, parseJson } from '../../util/json.ts';
import { isNameOfCl, stemOf } from '../../util/program-name.ts';
import { buildFolders } from '../build-folders.ts';
import { type Finding, good, look, stops } from '../finding.ts';

type Needed = Pick<
  Config,
  | 'workingDirectory'
  | 'isFolderGone'
  | 'style'
  | 'safeOptions'
  | 'databases'
  | 'precompiledHeaders'
  | 'embedsDebug'
>;

const DATABASE = 'compile_commands.json';
/** A database of a large project has thousands of similar lines. */
const MOST_LINES = 500;

/** Whether the lines that a build system is going to call would be cached, by `compile_commands.json` of CMake or Meson. */
export async function checkCompileLines({ config }: { readonly config: Needed }): Promise<Finding[]> {
  if (config.isFolderGone) return [look('not looked at: this folder was deleted')];
  const here = config.workingDirectory;
  const files = [...new Set([here, ...buildFolders(here).map(({ path }) => path)])].map((folder) =>
    join(folder, DATABASE),
  );
  const findings: Finding[] = [];
  for (const file of files) findings.push(...(await aboutDatabase(file, config)));
  return findings.length > 0 ? findings : [good(`no ${DATABASE} in this folder`)];
}

async function aboutDatabase(file: string, config: Needed): Promise<Finding[]> {
  const lines = linesIn(file).slice(0, MOST_LINES);
  if (lines.length === 0) return [];
  const refused = new Map<string, { count: number; cures: readonly string[] }>();
  let refusedCount = 0;
  for (const line of lines) {
    const because = await refusalOf(line, config);
    if (because === undefined) continue;
    refusedCount++;
    const known = refused.get(because.text);
    refused.set(because.text, { count: (known?.count ?? 0) + 1, cures: because.cures });
  }
  if (refusedCount === 0) return [good(`the ${lines.length} compile lines in ${file} can be cached`)];
  const [worst] = [...refused].sort(([, a], [, b]) => b.count - a.count);
  const [text, { cures }] = worst ?? ['', { cures: [] }];
  const found = `${refusedCount} of ${lines.length} compile lines in ${file} are not cached: ${text}`;
  const advice = cures.length > 0 ? wordsOfCures(cures) : 'see "What is not cached" in the README';
  return [refusedCount === lines.length ? stops(found, advice) : look(found, advice)];
}

interface Line {
  readonly family: CommandLineHost['family'];
  readonly folder: string;
  readonly args: readonly string[];
}

async function refusalOf(
  { family, folder, args }: Line,
  config: Needed,
): Promise<{ readonly text: string; readonly cures: readonly string[] } | undefined> {
  const here = hostOf({ ...config, workingDirectory: folder }, { family });
  // A precompiled header that is not there yet is made by another line of the build.
  const host = { ...here, fileExists: (path: string) => /\.pch$/i.test(path) || here.fileExists(path) };
  const { withEmbeddedDebug } = await import('../../commandline/meaning/embedded-debug.ts');
  const words = config.embedsDebug ? withEmbeddedDebug(args, host) : args;
  const classified = classify(words, host, 1);
  // A word that a version of clang-cl may ignore is no reason yet.
  if (classified.kind === 'cacheable' || classified.doubtfulWords.length > 0) return undefined;
  const { reason: kind, because } = classified;
  return { text: because, cures: curesFor({ kind, because }, { args: words, host }) };
}

/** The lines of cl and clang-cl in a database ("JSON Compilation Database Format", clang's pages). */
function linesIn(file: string): Line[] {
  const json = parseJson(readFileIfThere(file)?.toString() ?? '');
  if (!Array.isArray(json)) return [];
  return json.flatMap((entry: unknown) => {
    if (!isJsonObject(entry) || typeof entry['directory'] !== 'string') return [];
    const { command, arguments: given, directory } = entry;
    const words = Array.isArray(given)
      ? given.map(String)
      : typeof command === 'string'
        ? tokenize(command)
        : [];
    const compiler = words.findIndex(isNameOfCl);
    if (compiler < 0) return [];
    const family = stemOf(words[compiler] ?? '').toLowerCase() === 'cl' ? 'cl' : 'clang-cl';
    return [{ family, folder: directory, args: words.slice(compiler + 1) } as const];
  });
}
