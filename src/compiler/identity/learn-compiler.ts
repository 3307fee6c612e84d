import { statSync } from 'node:fs';
import type { Digest } from '../../hash/digest.ts';
import { incrementalDigest } from '../../hash/digest.ts';
import { openForReading } from '../../hash/file-chunks.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { LockTimeoutError, withLongFileLock } from '../../util/file-lock.ts';
import { FORMATS } from '../../util/formats.ts';
import { splitList } from '../../util/paths.ts';
import { askCompiler, loadedLibraries } from './ask-compiler.ts';
import { filesOf, foldersOf, isScript, statFile } from './compiler-files.ts';
import {
  type CompilerFile,
  type CompilerLookup,
  type CompilerRecord,
  currentRecord,
  isIncomplete,
  isUnchanged,
} from './compiler-record.ts';

/** How long to wait for another process that learns the same. Hashing takes a second for 500 MB of libraries. */
const PATIENCE_MS = 20_000;

/**
 * Asks a compiler what it is, hashes its parts if that is needed, and stores the record. Of many processes that start
 * at once, one does it and the others wait. Rejects if the compiler cannot be started.
 */
export async function learnCompiler(lookup: CompilerLookup, name: string): Promise<CompilerRecord> {
  const learn = () => learnNow(lookup, name);
  try {
    return await withLongFileLock(lookup.answers.lockOf(name), PATIENCE_MS, learn);
  } catch (error) {
    // The cache folder cannot be written, or the other process took too long.
    if (!(error instanceof LockTimeoutError) && errorCode(error) === undefined) throw error;
    return learn();
  }
}

async function learnNow(lookup: CompilerLookup, name: string): Promise<CompilerRecord> {
  const known = currentRecord(lookup, name);
  if (known && !isIncomplete(lookup, known)) return known;
  const asked = known ?? (await ask(lookup));
  const record = lookup.withContents ? { ...asked, files: await withDigests(asked.files) } : asked;
  await lookup.answers.keep(name, record);
  return record;
}

/** A script may start another program in another environment, so that is asked separately. */
async function ask(lookup: CompilerLookup): Promise<CompilerRecord> {
  const { compiler } = lookup;
  const folders = foldersOf(compiler, splitList(lookup.environment['LD_LIBRARY_PATH'], ':'));
  if (isScript(compiler)) {
    const files = filesOf(compiler);
    return { format: FORMATS.compilerRecord, family: 'cl', versionText: '', files, folders, isWrapper: true };
  }
  const { started, ...asked } = await askCompiler(lookup);
  const program = started?.program;
  const files = filesOf(compiler, asked.clangVersion === undefined ? [] : await loadedLibraries(lookup));
  const isWrapper = program !== undefined && !isSameFile(program, compiler);
  return { format: FORMATS.compilerRecord, ...asked, files, folders, ...(isWrapper ? { isWrapper } : {}) };
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

/** A file that is being written is read again. If it keeps changing, the next call reads it again. */
async function withDigest(file: CompilerFile): Promise<CompilerFile> {
  const digest = await digestInTurns(file.path);
  const now = isUnchanged(file) ? file : statFile(file.path);
  if (now === file) return digest === undefined ? file : { ...file, digest };
  const second = await digestInTurns(file.path);
  return second === undefined ? now : { ...now, digest: second };
}

const CHUNKS_IN_A_TURN = 32;

/** Returns to the event loop every few megabytes, so that the lock is refreshed. */
async function digestInTurns(path: string): Promise<Digest | undefined> {
  const hasher = incrementalDigest();
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
