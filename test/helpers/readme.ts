/** What the README says in blocks of code, which tests run as it stands there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bin/dev/project.ts';

/** The blocks of a language below a heading of the README, up to the next heading. */
export function blocksBelow(heading: string, language: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, 'm'));
  assert.ok(section !== undefined, `the README has no ${heading}`);
  const [own = ''] = section.split(/^#+ \S.*$(?![^`]*^```$)/m);
  return [...own.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, found, block = '']) =>
    found === language ? [block] : [],
  );
}
