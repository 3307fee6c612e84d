/** Programs that start a compiler: scripts, and programs under a compiler's name. */

import { resolve } from 'node:path';
import { type CompilerFamily, FAMILIES, isFamily } from '../../commandline/family.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { FORMATS } from '../../util/formats.ts';
import { isJsonObject, stableStringify } from '../../util/json.ts';
import { type AskedCompiler, askCompiler, askForCompile } from './ask-compiler.ts';
import { hashFile, statFile } from './compiler-files.ts';
import type { CompilerFile, CompilerLookup, CompilerRecord } from './compiler-record.ts';
import type { ProgramKind } from './program-kind.ts';
import { IS_COMPILER, VOLATILE } from './script-names.ts';
import { areAsTheyWere, type ProgramParts, partsOfPrograms } from './wrapper-programs.ts';
import { isAsItWas, partsAmong, type Reference, referencesOf } from './wrapper-references.ts';

/** What a wrapper was seen to start in one environment and folder, stored as `compilers/<name>.json`. */
interface Started {
  readonly format: number;
  readonly asked: AskedCompiler;
  /** Everything that its text names, which decides what it starts. */
  readonly references: readonly Reference[];
  /** What the programs among them load. */
  readonly programs: ProgramParts;
  /** False if more may decide. Then it is asked each time. */
  readonly isPlain: boolean;
}

/**
 * The record of a wrapper as one of a compiler: with its own files, the texts that it reads, the programs that it may
 * start, and the files of the compilers among them, which `lookUp` finds. It is asked again if anything that it names has
 * changed or leads elsewhere. The state of each file is taken before the answer that counts, so a record whose files still
 * have this state has their answers. Rejects if what it starts keeps changing.
 */
export async function lookUpWrapper(
  lookup: CompilerLookup,
  record: CompilerRecord,
  lookUp: LookUp,
): Promise<CompilerRecord> {
  const { asked, references, programs, compilers } = await startedBy(lookup, record, lookUp);
  const { started, ...said } = asked;
  if (!isFamily(said.family) || said.leadsToClcache) return { ...record, ...said };
  const files = [...record.files, ...partsAmong(references), ...programs.libraries];
  for (const parts of compilers.values()) files.push(...parts);
  if (started) files.push(...filesNamedIn(started.commandLine, lookup.workingDirectory));
  const known = new Set<string>();
  return {
    ...record,
    ...said,
    ...(started && { commandLine: started.commandLine }),
    files: files.filter(({ path }) => known.size < known.add(path).size),
  };
}

type LookUp = (compiler: string) => Promise<CompilerRecord>;

/** Compilers with their files. */
type Compilers = ReadonlyMap<string, readonly CompilerFile[]>;

/** Compilers with their files as they are now. */
async function compilersOf(
  { compiler }: CompilerLookup,
  programs: readonly string[],
  lookUp: LookUp,
): Promise<Compilers> {
  const own = realPath(compiler);
  const compilers = new Map<string, readonly CompilerFile[]>();
  for (const program of programs) {
    compilers.set(program, program === own ? [] : await partsOf(program, lookUp));
  }
  return compilers;
}

/** The compiler that a wrapper was seen to start, and those that it names. None if it does not lead to one. */
function programsOf({ asked, references }: Started): string[] {
  if (!isFamily(asked.family) || asked.leadsToClcache) return [];
  const program = asked.started?.program;
  const named = namedCompilers(references);
  return program === undefined || named.includes(program) ? named : [program, ...named];
}

function namedCompilers(references: readonly Reference[]): string[] {
  const named = references.flatMap(({ file }) => (file && IS_COMPILER.test(file.path) ? file.path : []));
  return [...new Set(named)];
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
    return [hashFile(compiler)];
  }
}

/** How often a wrapper is asked whose answers differ. */
const MOST_ROUNDS = 3;

async function startedBy(lookup: CompilerLookup, record: CompilerRecord, lookUp: LookUp): Promise<Followed> {
  const name = nameOf(lookup, record);
  const known = startedIn(lookup.answers.read(name));
  if (known?.references.every(isAsItWas) && areAsTheyWere(known.programs)) {
    const { asked } = known;
    const compilers = await compilersOf(lookup, programsOf(known), lookUp);
    // It would say nothing new, and take long if Wine runs it.
    if (known.isPlain || isSilent(asked.family) || (await compilesAsBefore(lookup, asked)))
      return { ...known, compilers };
  }
  const { compilers, ...started } = await learnStarted(lookup, lookUp);
  await lookup.answers.keep(name, started);
  return { ...started, compilers };
}

interface Followed extends Started {
  readonly compilers: Compilers;
}

async function learnStarted(lookup: CompilerLookup, lookUp: LookUp): Promise<Followed> {
  const { isCircular, ...found } = referencesOf(lookup);
  const ask = async () => {
    const said = await askCompiler(lookup);
    if (!isSilent(said.family) || isCircular) return said;
    return { ...said, ...(await askForCompile(lookup, said.family)) };
  };
  const loaded = await partsOfPrograms(lookup, found.references);
  let compilers = await compilersOf(lookup, isCircular ? [] : namedCompilers(found.references), lookUp);
  let asked = await ask();
  for (let round = 1; ; round += 1) {
    const started = { format: FORMATS.wrapperRecord, asked, ...found, programs: loaded };
    const programs = programsOf(started);
    if (programs.every((program) => compilers.has(program))) return { ...started, compilers };
    // Only now is it known which files count. They may have changed since the answer, so it is asked once more.
    compilers = await compilersOf(lookup, programs, lookUp);
    const again = await ask();
    if (stableStringify(again) === stableStringify(asked)) return { ...started, compilers };
    if (round === MOST_ROUNDS) throw new Error(`what ${lookup.compiler} starts keeps changing`);
    asked = again;
  }
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
    isJsonObject(json['programs']) &&
    Array.isArray(json['references']);
  return isWhole ? (json as unknown as Started) : undefined;
}
