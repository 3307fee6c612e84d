/**
 * `npm run release`: makes in dist/release what a release consists of: a zip for each system, the manifests for Scoop and
 * winget, and SHA256SUMS over all of them; in dist/packages what npm publishes; and dist/release-notes.md, the changelog's
 * section of this version.
 * Options: --tag TAG (fail unless it is the tag of this version), --as-built (take dist/exe as it is: the executables may
 * have been signed since).
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { build } from './build.ts';
import { buildExecutables } from './build-exe.ts';
import { makePackages, PACKAGES } from './build-npm.ts';
import type { System } from './executable.ts';
import { npm } from './programs.ts';
import { DIST, Failure, script, writeWhole } from './project.ts';
import { membersOf, NAMES_SCRIPT } from './release/contents.ts';
import { type Facts, factsOfRelease, folderOf, tagOf } from './release/facts.ts';
import { manifestsOf } from './release/manifests.ts';
import { writeZip } from './release/zip.ts';

export interface ReleaseOptions {
  /** The folder to make anew. */
  readonly folder: string;
  /** How strongly to compress, from 0 to 9. */
  readonly level: number;
}

/** Makes the files of a release from dist/exe. Gives their names, in the order of SHA256SUMS. */
export async function makeRelease(facts: Facts, { folder, level }: ReleaseOptions): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const zipped = async (system: System) => {
    const name = folderOf(facts, system);
    const file = join(folder, `${name}.zip`);
    await writeZip(file, membersOf(system, name), { date: facts.date, level });
    return { name: `${name}.zip`, sha256: await digestOf(file) };
  };
  const [linux, windows] = await Promise.all([zipped('linux'), zipped('windows')]);
  const archive = { file: windows.name, sha256: windows.sha256, namesScript: NAMES_SCRIPT.windows };
  const manifests = Object.entries(manifestsOf(facts, archive)).map(([name, text]) => {
    writeWhole(join(folder, name), text);
    return { name, sha256: createHash('sha256').update(text).digest('hex') };
  });
  const files = [linux, windows, ...manifests];
  writeWhole(join(folder, 'SHA256SUMS'), files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
  return files.map(({ name }) => name);
}

/** Makes the npm packages from dist/exe, each as one file, which keeps what may be executed. Gives their names. */
function packPackages(folder: string): string[] {
  makePackages();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(PACKAGES))
    npm(['pack', '--silent', '--pack-destination', folder], { cwd: join(PACKAGES, name), stdio: 'pipe' });
  return readdirSync(folder);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const given = process.argv.slice(2);
    const facts = factsOfRelease();
    const tag = given.includes('--tag') ? given[given.indexOf('--tag') + 1] : tagOf(facts);
    if (tag !== tagOf(facts)) throw new Failure(`the tag is '${tag}', and this is ${tagOf(facts)}`);
    await (given.includes('--as-built') ? build() : buildExecutables());
    const files = await makeRelease(facts, { folder: join(DIST, 'release'), level: 9 });
    writeWhole(join(DIST, 'release-notes.md'), facts.notes);
    const packages = packPackages(join(DIST, 'packages'));
    console.log(['SHA256SUMS', ...files].map((file) => `dist/release/${file}`).join('\n'));
    console.log(packages.map((file) => `dist/packages/${file}`).join('\n'));
  });
}
