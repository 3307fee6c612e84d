/** What is known of the version that is released: everything else about a release is made from this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../executable.ts';
import { Failure, packageJson, ROOT } from '../project.ts';

export interface Facts {
  readonly name: string;
  readonly version: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
  /** The changelog's section of this version, as Markdown. */
  readonly notes: string;
  readonly description: string;
  readonly license: string;
  readonly publisher: string;
  readonly keywords: readonly string[];
  /** The page of the repository, without a slash at its end. */
  readonly address: string;
}

/** The facts of the version in package.json. Throws a `Failure` if the changelog does not tell of it. */
export function factsOfRelease(): Facts {
  const { name, version, description, license, author, keywords, repository } = packageJson();
  const { date, notes } = sectionOf(version);
  const address = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return { name, version, date, notes, description, license, publisher: author, keywords, address };
}

/** The tag of a version, which starts the workflow of a release. */
export const tagOf = ({ version }: Facts) => `v${version}`;

/** The folder in the archive of a system, and with `.zip` the archive's name. */
export const folderOf = ({ name, version }: Facts, system: System) => `${name}-${version}-${system}-x64`;

/** Where a file of the release can be fetched. */
export const urlOf = (facts: Facts, file: string) =>
  `${facts.address}/releases/download/${tagOf(facts)}/${file}`;

/** The page of the release. */
export const pageOf = (facts: Facts) => `${facts.address}/releases/tag/${tagOf(facts)}`;

function sectionOf(version: string) {
  const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${version} (`));
  const [, date] = /^\S+ \((\d{4}-\d{2}-\d{2})\)\n/.exec(section ?? '') ?? [];
  if (section === undefined || date === undefined) {
    throw new Failure(`CHANGELOG.md has no section '## ${version} (YYYY-MM-DD)'`);
  }
  return { date, notes: `${section.slice(section.indexOf('\n')).trim()}\n` };
}
