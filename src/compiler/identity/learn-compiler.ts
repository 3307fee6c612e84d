import { statSync } from 'node:fs';
import { contentsDigest } from '../../hash/contents-digest.ts';
import type { Digest } from '../../hash/digest.ts';
import { openForReading } from '../../hash/file-chunks.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { LockTimeoutError, withLongFileLock } from '../../util/file-lock.ts';
import { FORMATS } from '../../util/formats.ts';
import { stableStringify } from '../../util/json.ts';
import { splitList } from '../../util/paths.ts';
import { isNameOfClangCl, targetInName } from '../../util/program-name.ts';
import { type AskedCompiler, askClangAtOnce, askCompiler } from './ask-compiler.ts';
import { filesOf, foldersOf, isScript } from './compiler-files.ts';
import {
  type CompilerFile,
  type CompilerLookup,
  type CompilerRecord,
  currentRecord,
  hasAllDigests,
  isSameCompiler,
  needsDigestsNow,
} from './compiler-record.ts';
import { type LoadedLibraries, loadedLibraries, searchedPlaces } from './loaded-libraries.ts';

/** How long to wait for another process that learns the same. Hashing takes a second for 500 MB of libraries. */
const PATIENCE_MS = 20_000;

/**
 * Asks a compiler what it is, hashes its parts if that is needed now, and stores the record. Of many processes that start
 * at once, one does it and the others wait. Rejects if the compiler cannot be started.
 */
export function learnCompiler(lookup: CompilerLookup, name: string): Promise<CompilerRecord> {
  return alone(lookup, name, async () => {
    const known = currentRecord(lookup, name);
    if (known && !needsDigestsNow(lookup, known)) return known;
    const asked = known ?? (await ask(lookup));
    const record = needsDigestsNow(lookup, asked)
      ? { ...asked, files: await withDigests(asked.files) }
      : asked;
    await lookup.answers.keep(name, record);
    return record;
  });
}

/**
 * The same record with the digests of its files, which are stored with it. One process hashes them, and others that need
 * them wait. A file that is not as the record says any more has a digest that belongs to no result: whoever uses it looks
 * at the files again (`isStillCompiler`).
 */
export function completeRecord(
  lookup: CompilerLookup,
  name: string,
  record: CompilerRecord,
): Promise<CompilerRecord> {
  return alone(lookup, name, async () => {
    const known = currentRecord(lookup, name);
    if (known && hasAllDigests(known) && isSameCompiler(known, record)) return known;
    const complete = { ...record, files: await withDigests(record.files) };
    await lookup.answers.keep(name, complete);
    return complete;
  });
}

async function alone(
  lookup: CompilerLookup,
  name: string,
  learn: () => Promise<CompilerRecord>,
): Promise<CompilerRecord> {
  try {
    return await withLongFileLock(lookup.answers.lockOf(name), PATIENCE_MS, learn);
  } catch (error) {
    // The cache folder cannot be written, or the other process took too long.
    if (!(error instanceof LockTimeoutError) && errorCode(error) === undefined) throw error;
    return learn();
  }
}

/** How often a compiler that is being replaced is looked at before the call goes to it uncached. */
const MOST_ROUNDS = 3;

/**
 * A script may start another program in another environment, so that is asked separately.
 *
 * The state of all files is taken before the questions. So a record whose files still have this state has the answers of
 * these files, and of none that came later.
 */
async function ask(lookup: CompilerLookup): Promise<CompilerRecord> {
  const { compiler } = lookup;
  if (isScript(compiler)) {
    const { family, versionText } = SCRIPT;
    const searched = splitList(lookup.environment['LD_LIBRARY_PATH'], ':');
    return { family, versionText, ...stateOf(lookup, undefined, searched), isWrapper: true };
  }
  let loaded = await loadedLibraries(lookup);
  for (let round = 1; ; round += 1) {
    const state = stateOf(lookup, loaded);
    const [{ started, ...asked }, now] = await Promise.all([askAtOnce(lookup), loadedLibraries(lookup)]);
    if (stableStringify(now ?? {}) === stableStringify(loaded ?? {})) {
      const program = started?.program;
      const isWrapper = program !== undefined && !isSameFile(program, compiler);
      const namedTarget = targetInName(compiler);
      return {
        ...{ ...asked, ...state },
        ...(isWrapper ? { isWrapper } : {}),
        ...(namedTarget === '' ? {} : { namedTarget }),
      };
    }
    if (round === MOST_ROUNDS) throw new Error('the libraries of the compiler keep changing');
    loaded = now;
  }
}

const SCRIPT = { family: 'cl', versionText: '' } as const;

/** The parts of a program and the places where others may appear, as they are now. */
function stateOf(
  lookup: CompilerLookup,
  loaded: LoadedLibraries | undefined,
  searched: readonly string[] = [],
): Pick<CompilerRecord, 'format' | 'files' | 'folders' | 'absent' | 'onlyIn'> {
  const places = loaded ? searchedPlaces(loaded, lookup) : { folders: [], absent: [] };
  return {
    format: FORMATS.compilerRecord,
    files: filesOf(lookup.compiler, loaded?.parts),
    folders: [...foldersOf(lookup.compiler, searched), ...places.folders],
    absent: places.absent,
    ...(loaded?.isOfFolder && { onlyIn: lookup.workingDirectory }),
  };
}

/** What the compiler says, with one question if its name promises a clang-cl. */
async function askAtOnce(lookup: CompilerLookup): Promise<AskedCompiler> {
  const asked = isNameOfClangCl(lookup.compiler) ? await askClangAtOnce(lookup) : undefined;
  return asked ?? askCompiler(lookup);
}

/** Windows has many spellings of a path. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}

async function withDigests(files: readonly CompilerFile[]): Promise<CompilerFile[]> {
  const complete: CompilerFile[] = [];
  for (const file of files) complete.push(file.digest ? file : await withDigest(file));
  return complete;
}

/** A file that changes meanwhile keeps the state that it had before the compiler was asked, so the record is not valid. */
async function withDigest(file: CompilerFile): Promise<CompilerFile> {
  const digest = await digestInTurns(file.path);
  return digest === undefined ? file : { ...file, digest };
}

const CHUNKS_IN_A_TURN = 32;

/** Returns to the event loop every few megabytes, so that the lock is refreshed. */
async function digestInTurns(path: string): Promise<Digest | undefined> {
  const hasher = contentsDigest();
  try {
    const reader = openForReading(path);
    try {
      for (let count = 1; ; count += 1) {
        const chunk = reader.next();
        if (chunk.length === 0) return hasher.finish();
        hasher.update(chunk);
        if (count % CHUNKS_IN_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      reader.close();
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
