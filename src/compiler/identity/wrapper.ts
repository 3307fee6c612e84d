/** Programs that start a compiler: scripts, and programs under a compiler's name. */

import { resolve } from 'node:path';
import { type CompilerFamily, FAMILIES, isFamily } from '../../commandline/family.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { digestOfFile } from '../../hash/file-digest.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { FORMATS } from '../../util/formats.ts';
import { isJsonObject, stableStringify } from '../../util/json.ts';
import { type AskedCompiler, askCompiler, askForCompile } from './ask-compiler.ts';
import { statFile } from './compiler-files.ts';
import type { CompilerFile, CompilerLookup, CompilerRecord } from './compiler-record.ts';
import type { ProgramKind } from './program-kind.ts';
import { IS_COMPILER, VOLATILE } from './script-names.ts';
import { isAsItWas, type Reference, referencesOf } from './wrapper-references.ts';

/** What a wrapper was seen to start in one environment and folder, stored as `compilers/<name>.json`. */
interface Started {
  readonly format: number;
  readonly asked: AskedCompiler;
  /** Everything that its text names, which decides what it starts. */
  readonly references: readonly Reference[];
  /** False if more may decide. Then it is asked each time. */
  readonly isPlain: boolean;
}

/**
 * The record of a wrapper as one of a compiler: with its own files, the texts that it reads, and the files of the
 * compilers that it starts, which `lookUp` finds. It is asked again if anything that it names has changed or leads
 * elsewhere.
 */
export async function lookUpWrapper(
  lookup: CompilerLookup,
  record: CompilerRecord,
  lookUp: (compiler: string) => Promise<CompilerRecord>,
): Promise<CompilerRecord> {
  const { asked, references } = await startedBy(lookup, record);
  const { started, ...said } = asked;
  if (!isFamily(said.family) || said.leadsToClcache) return { ...record, ...said };
  const program = started?.program;
  const own = realPath(lookup.compiler);
  const named = references.flatMap(({ file }) => (file && IS_COMPILER.test(file.path) ? file.path : []));
  const texts = references.flatMap(({ file, isText }) => (file && isText ? file : []));
  const compilers = new Set(program === undefined ? named : [program, ...named]);
  const files = [...record.files, ...texts];
  for (const compiler of compilers) {
    if (compiler !== own) files.push(...(await partsOf(compiler, lookUp)));
  }
  if (started) files.push(...filesNamedIn(started.commandLine, lookup.workingDirectory));
  const known = new Set<string>();
  return {
    ...record,
    ...said,
    ...(started && { commandLine: started.commandLine }),
    files: files.filter(({ path }) => known.size < known.add(path).size),
  };
}

/** Files that the compiler of a wrapper reads beside the source: plug-ins, profiles, lists. */
function filesNamedIn(commandLine: string, workingDirectory: string): CompilerFile[] {
  const words = Array.from(commandLine.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word = '']) =>
    Buffer.from(word.replaceAll(/\\(.)/g, '$1'), 'latin1').toString(),
  );
  const names = words.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const paths = names.filter((name) => /[./\\]/.test(name)).map((name) => resolve(workingDirectory, name));
  return paths.filter((path) => statIfThere(path)?.isFile()).map((path) => statFile(realPath(path)));
}

/** A program that cannot be started here (Wine shows Linux programs, too) counts by its own bytes. */
async function partsOf(
  compiler: string,
  lookUp: (compiler: string) => Promise<CompilerRecord>,
): Promise<readonly CompilerFile[]> {
  try {
    return (await lookUp(compiler)).files;
  } catch {
    const file = statFile(compiler);
    const digest = digestOfFile(compiler, file.size);
    return [digest === undefined ? file : { ...file, digest }];
  }
}

async function startedBy(lookup: CompilerLookup, record: CompilerRecord): Promise<Started> {
  const name = nameOf(lookup, record);
  const known = startedIn(lookup.answers.read(name));
  const isCurrent = known?.references.every(isAsItWas) ?? false;
  // It would say nothing new, and take long if Wine runs it.
  if (known && isCurrent && (known.isPlain || isSilent(known.asked.family))) return known;
  if (known && isCurrent && (await compilesAsBefore(lookup, known.asked))) return known;
  const said = await askCompiler(lookup);
  const { isCircular, ...found } = referencesOf(lookup);
  const asked =
    isSilent(said.family) && !isCircular ? { ...said, ...(await askForCompile(lookup, said.family)) } : said;
  const started = { format: FORMATS.wrapperRecord, asked, ...found };
  await lookup.answers.keep(name, started);
  return started;
}

/** True for a compiler that does not say what it would start, so that a wrapper for it is asked apart. */
function isSilent(family: ProgramKind): family is CompilerFamily {
  return isFamily(family) && !FAMILIES[family].printsWhatItStarts;
}

async function compilesAsBefore(lookup: CompilerLookup, asked: AskedCompiler): Promise<boolean> {
  if (!isFamily(asked.family) || isSilent(asked.family)) return false;
  const { leadsToClcache, started } = await askForCompile(lookup, asked.family);
  return (
    leadsToClcache === asked.leadsToClcache &&
    stableStringify(started ?? {}) === stableStringify(asked.started ?? {})
  );
}

function nameOf({ compiler, workingDirectory, environment }: CompilerLookup, record: CompilerRecord): Digest {
  const own = stableStringify(record.files.map(({ digest, ...file }) => file));
  const parts = ['wrapper', compiler, own, workingDirectory];
  for (const name of Object.keys(environment).sort()) {
    if (!VOLATILE.test(name)) parts.push(name, environment[name] ?? '');
  }
  return digestOfParts(parts);
}

function startedIn(json: unknown): Started | undefined {
  const isWhole =
    isJsonObject(json) &&
    json['format'] === FORMATS.wrapperRecord &&
    isJsonObject(json['asked']) &&
    Array.isArray(json['references']);
  return isWhole ? (json as unknown as Started) : undefined;
}
