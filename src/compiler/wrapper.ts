/** Programs that start a compiler: scripts, and programs that stand under a compiler's name. */
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import { realPath } from '../util/file-stat.ts';
import { isJsonObject, stableStringify } from '../util/json.ts';
import { type AskedCompiler, askCompiler } from './ask-compiler.ts';
import { statFile } from './compiler-files.ts';
import type { CompilerFile, CompilerLookup, CompilerRecord } from './compiler-record.ts';
import { IS_COMPILER } from './script-names.ts';
import { isAsItWas, type Reference, referencesOf } from './wrapper-references.ts';

const FORMAT = 1;

/** What a wrapper was seen to start in one environment and folder, kept as `compilers/<name>.json`. */
interface Started {
  readonly format: number;
  readonly asked: AskedCompiler;
  /** Whatever its text names: that decides what it starts. */
  readonly references: readonly Reference[];
  /** False where more may decide: then it is asked each time. */
  readonly isPlain: boolean;
}

/** Variables that differ from call to call of one build, and that no wrapper looks at to choose its compiler. */
const VOLATILE =
  /^(?:PWD|OLDPWD|SHLVL|_|RANDOM|SECONDS|G?MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|MAKELEVEL|MAKE_TERM(?:ERR|OUT)|NINJA_STATUS|COLUMNS|LINES|TMP|TEMP|TMPDIR|CL|_CL_|_MSPDBSRV_ENDPOINT_|CLCACHE_.*)$/i;

/**
 * The record of a wrapper as one of a compiler: with its own files, the texts that it reads, and the files of the
 * compilers that it starts, for which `lookUp` is asked. It is asked anew when any of what it names has changed, or leads
 * elsewhere.
 */
export async function lookUpWrapper(
  lookup: CompilerLookup,
  record: CompilerRecord,
  lookUp: (compiler: string) => Promise<CompilerRecord>,
): Promise<CompilerRecord> {
  const { asked, references } = await startedBy(lookup, record);
  const { program, ...said } = asked;
  if (said.family !== 'cl' && said.family !== 'clang-cl') return { ...record, ...said };
  const own = realPath(lookup.compiler);
  const named = references.flatMap(({ file }) => (file && IS_COMPILER.test(file.path) ? file.path : []));
  const texts = references.flatMap(({ file, isText }) => (file && isText ? file : []));
  const compilers = new Set(program === undefined ? named : [program, ...named]);
  const files = [...record.files, ...texts];
  for (const compiler of compilers) {
    if (compiler !== own) files.push(...(await partsOf(compiler, lookUp)));
  }
  const known = new Set<string>();
  return {
    ...record,
    ...said,
    files: files.filter(({ path }) => known.size < known.add(path).size),
  };
}

/** What cannot be started from here (Wine shows the programs of Linux, too) counts by its own bytes. */
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
  // cl would take too long, where Wine runs it.
  if (known && isCurrent && (known.isPlain || known.asked.family === 'cl')) return known;
  const asked = await askCompiler(lookup);
  const started = { format: FORMAT, asked, ...referencesOf(lookup) };
  if (known && stableStringify(known) === stableStringify(started)) return known;
  await lookup.answers.keep(name, started);
  return started;
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
    json['format'] === FORMAT &&
    isJsonObject(json['asked']) &&
    Array.isArray(json['references']);
  return isWhole ? (json as unknown as Started) : undefined;
}
