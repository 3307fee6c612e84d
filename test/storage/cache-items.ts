/** Items in a cache folder, made without a store. Sizes are in bytes, ages in milliseconds. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { entryFolder, layoutOf, manifestFile } from '../../src/storage/local/layout.ts';

/** Dates a file back. */
export function setAge(path: string, milliseconds: number): void {
  const time = new Date(Date.now() - milliseconds);
  utimesSync(path, time, time);
}

/** An entry of `bytes` bytes, last used this long ago. */
export function putEntry(cacheDirectory: string, key: string, bytes: number, age: number): string {
  const folder = entryFolder(layoutOf(cacheDirectory), key);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/object`, 'o'.repeat(bytes - 10));
  writeFileSync(`${folder}/artifact.json`, '0123456789');
  setAge(`${folder}/artifact.json`, age);
  return folder;
}

/** A manifest of `bytes` bytes, last used this long ago. */
export function putManifest(cacheDirectory: string, key: string, bytes: number, age: number): string {
  const file = manifestFile(layoutOf(cacheDirectory), key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'm'.repeat(bytes));
  setAge(file, age);
  return file;
}

/** Keys of numbers, spread over all sections. */
export function keyOf(number: number): string {
  return `${(number % 256).toString(16).padStart(2, '0')}${number.toString(16).padStart(10, '0')}`;
}
