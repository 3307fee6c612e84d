import { lstatSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeIfPossible, replaceFileSync } from '../../util/atomic-file.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { readOwnTextIfThere } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import { isLearntName, LEVELS_OF_SECTIONS, reasonFile } from './layout.ts';

/**
 * Texts that say why calls were no hits, one file for each source. They are written without locks and replaced whole: of
 * two writers at once the later one counts. Their sizes do not count. What bounds them is their number: at most 48 in each
 * of the 256 sections, of which the 16 that were not written for the longest time make room.
 */
const MOST_IN_SECTION = 48;
const REMOVED_AT_ONCE = 16;

/** A text, and when it was written, in milliseconds since 1970. */
export interface ReasonText {
  readonly path: string;
  readonly writtenAt: number;
  readonly read: () => string | undefined;
}

/** The text under a name, which is a digest. Undefined if there is none, or if it has more than `maximumSize` bytes. */
export function readReasons(folder: string, name: string, maximumSize: number): string | undefined {
  return readOwnTextIfThere(reasonFile(folder, name), maximumSize);
}

/** Stores a text. `isNew` says that there was none. Throws system errors. */
export function keepReasons(folder: string, name: string, { text, isNew }: NewReasons): void {
  const file = reasonFile(folder, name);
  const section = dirname(file);
  makeOwnFolder(section, LEVELS_OF_SECTIONS);
  replaceFileSync(file, text);
  if (isNew) makeRoom(section);
}

interface NewReasons {
  readonly text: string;
  readonly isNew: boolean;
}

/**
 * All texts, the newest first. Those that vanish meanwhile, and what is no file, are left out. `report` gets each folder
 * that is there and cannot be read.
 */
export function allReasons(
  folder: string,
  maximumSize: number,
  report: (path: string) => void = () => {},
): readonly ReasonText[] {
  const files = namesIn(folder, report).flatMap((section) => filesIn(`${folder}/${section}`, report));
  return files
    .sort((left, right) => right.writtenAt - left.writtenAt)
    .map(({ path, writtenAt }) => ({
      path,
      writtenAt,
      read: () => readOwnTextIfThere(path, maximumSize),
    }));
}

function makeRoom(section: string): void {
  if (namesIn(section, ignore).length <= MOST_IN_SECTION) return;
  const oldestFirst = filesIn(section, ignore).sort((left, right) => left.writtenAt - right.writtenAt);
  for (const { path } of oldestFirst.slice(0, REMOVED_AT_ONCE)) removeIfPossible(path);
}

type Report = (path: string) => void;

function ignore(): void {}

function filesIn(section: string, report: Report): { readonly path: string; readonly writtenAt: number }[] {
  return namesIn(section, report)
    .filter(isLearntName)
    .flatMap((name) => {
      const path = `${section}/${name}`;
      const stat = unlessUnreadable(path, report, () => lstatSync(path, { throwIfNoEntry: false }));
      return stat?.isFile() ? [{ path, writtenAt: stat.mtimeMs }] : [];
    });
}

function namesIn(folder: string, report: Report): string[] {
  return unlessUnreadable(folder, report, () => readdirSync(folder)) ?? [];
}

/** What is no folder, and what is not there, is not ours. */
const NOT_OURS: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

function unlessUnreadable<Found>(path: string, report: Report, find: () => Found): Found | undefined {
  try {
    return find();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (!NOT_OURS.has(code)) report(path);
    return undefined;
  }
}
