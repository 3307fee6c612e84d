/** THIRD-PARTY-NOTICES.txt: the licences of the packages that are part of the bundle. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, writeWhole } from './project.ts';

/** Writes `path`. `inputs` are the source files of a bundle, as the bundler lists them. */
export function writeNotices(inputs: readonly string[], path: string): void {
  const packages = [...new Set(inputs.map(packageFolder))].filter((folder) => folder !== undefined).sort();
  const opening = 'clcache contains the following packages, each under its own licence.\n';
  writeWhole(path, [opening, ...packages.map(notice)].join(`\n${'-'.repeat(80)}\n\n`));
}

function packageFolder(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function notice(folder: string): string {
  const absolute = join(ROOT, folder);
  const { name, version, license, homepage } = JSON.parse(
    readFileSync(join(absolute, 'package.json'), 'utf8'),
  );
  const file = readdirSync(absolute).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file && existsSync(join(absolute, file)) ? readFileSync(join(absolute, file), 'utf8').trim() : license;
  return `${name} ${version} (${license})${homepage ? `\n${homepage}` : ''}\n\n${text.replaceAll('\r\n', '\n')}\n`;
}
