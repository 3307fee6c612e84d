import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { factsOf } from '../../commandline/family.ts';
import { identityOf } from '../../files/signature.ts';
import { withTemporary } from '../../util/at-end.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { makeFolder } from '../../util/make-folder.ts';
import type { CompilerAtHand } from '../at-hand.ts';
import { ENGLISH_NOTES, type IncludeNotes, learnNotes } from '../headers/show-includes.ts';
import { rememberedAnswer } from './remembered-answer.ts';

/**
 * The text that this compiler puts before the path in its include notes, in its current language (`VSLANG`, else its
 * default). Undefined if the probe did not show it.
 */
export async function probeIncludeNotes(compiler: CompilerAtHand): Promise<IncludeNotes | undefined> {
  if (factsOf(compiler.record).notesAreEnglish) return ENGLISH_NOTES;
  const language = compiler.environment['VSLANG'] ?? '';
  const answer = await rememberedAnswer(compiler, ['include notes', language], async () => {
    const notes = await inScratchFolder(async (folder) => {
      const header = 'clcache_probe.h';
      writeFileSync(join(folder, header), '\n');
      writeFileSync(join(folder, 'clcache_probe.c'), `#include "${header}"\n`);
      const args = ['/nologo', '/showIncludes', '/c', 'clcache_probe.c'];
      const { stdout } = await compiler.run(args, { workingDirectory: folder, isQuestion: true });
      return learnNotes(stdout, header);
    });
    return notes && { prefix: notes.prefix.toString('latin1'), firstIndent: notes.firstIndent };
  });
  const { prefix, firstIndent } = (answer ?? {}) as { prefix?: unknown; firstIndent?: unknown };
  if (typeof prefix !== 'string' || typeof firstIndent !== 'number') return undefined;
  return { prefix: Buffer.from(prefix, 'latin1'), firstIndent };
}

/** Everything that the search folders of a compile depend on. */
export interface SearchQuestion {
  readonly options: readonly string[];
  /** The suffix of a source whose language searches headers in these folders. */
  readonly suffix: string;
  /** The variables that count for this compiler, with their values. */
  readonly environment: readonly string[];
  /** The existing folders among those that options and variables name. clang leaves out the others. */
  readonly existing: readonly string[];
  /** Existing folders that the answer must contain, by some name. Without them it is no answer. */
  readonly named: readonly string[];
}

/** Folders in the order of a search. */
export interface SearchOrder {
  /** Searched for quoted names only, before the others. */
  readonly quote: readonly string[];
  readonly all: readonly string[];
}

/** What the compiler says of the folders that it searches. */
export interface SearchList extends SearchOrder {
  /** Folders of either kind that would be searched if they existed. */
  readonly missing: readonly string[];
}

/**
 * The folders that the compiler searches for headers with these options, with its own ones, in order. Undefined if it
 * has no folders of its own, and if it did not say.
 */
export async function probeSearchFolders(
  compiler: CompilerAtHand,
  { options, suffix, environment, existing, named }: SearchQuestion,
): Promise<SearchList | undefined> {
  if (!factsOf(compiler.record).hasOwnSearchFolders) return undefined;
  // Two compilers of the same content have their own headers, each beside itself.
  const question = ['search folders', compiler.path, compiler.workingDirectory, suffix];
  for (const list of [options, environment, existing]) question.push(String(list.length), ...list);
  const ask = async (appeared: readonly string[]) => {
    const answer = await rememberedAnswer(compiler, [...question, ...appeared], () =>
      inScratchFolder(async (folder) => {
        const source = join(folder, `empty.${suffix}`);
        writeFileSync(source, '');
        const { stderr } = await compiler.run([...options, '-v', '/EP', '--', source], { isQuestion: true });
        const lists = searchListOf(stderr.toString('utf8'));
        return lists && hasFolders(lists, named, compiler.workingDirectory) ? lists : undefined;
      }),
    );
    return searchListIn(answer);
  };
  const lists = await ask([]);
  const appeared = lists?.missing.filter((folder) => statIfThere(resolve(compiler.workingDirectory, folder)));
  return appeared && appeared.length > 0 ? ask(appeared) : lists;
}

/** The lists that clang's `-v` prints. Undefined if they are not there. */
function searchListOf(text: string): SearchList | undefined {
  const lists = LISTS.exec(text);
  const linesOf = (list = '') =>
    list
      .split(/\r?\n/)
      .filter((line) => line.startsWith(' '))
      .map((line) => line.trim());
  if (!lists) return undefined;
  const missing = Array.from(text.matchAll(MISSING), ([, folder = '']) => folder);
  return { quote: linesOf(lists[1]), all: linesOf(lists[2]), missing };
}

/** clang names a folder once, by the first of its names. */
function hasFolders({ quote, all }: SearchList, named: readonly string[], workingDirectory: string): boolean {
  const identityHere = (folder: string) => {
    const stat = statIfThere(resolve(workingDirectory, folder));
    return stat && identityOf(stat);
  };
  if (named.length === 0) return true;
  const listed = new Set([...quote, ...all].map(identityHere));
  return named.every((folder) => listed.has(identityHere(folder)));
}

const LISTS =
  /#include "\.\.\." search starts here:\r?\n([\s\S]*?)#include <\.\.\.> search starts here:\r?\n([\s\S]*?)End of search list\./;

/** A line for each folder that clang leaves out because it does not exist (`RemoveDuplicates` of its `InitHeaderSearch`). */
const MISSING = /^ignoring nonexistent directory "(.*)"\r?$/gm;

function searchListIn(json: unknown): SearchList | undefined {
  const { quote, all, missing } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const isList = [quote, all, missing].every(Array.isArray);
  return isList ? { quote: foldersIn(quote), all: foldersIn(all), missing: foldersIn(missing) } : undefined;
}

function foldersIn(json: unknown): string[] {
  return Array.isArray(json) ? json.filter((folder) => typeof folder === 'string') : [];
}

/** Runs `work` with a temporary folder. */
export async function inScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  makeFolder(tmpdir());
  const folder = mkdtempSync(join(tmpdir(), 'clcache-probe-'));
  return withTemporary(folder, () => work(folder));
}
