/** The README's tables and links, compared with the program and with the README itself. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { isModifier, OPTION_ROWS, type OptionRow } from '../../src/cli/options.ts';
import type { Reading } from '../../src/config/kinds.ts';
import { VARIABLES, type VariableRow } from '../../src/config/variables.ts';
import { CHECKS } from '../../src/doctor/checks.ts';
import { readOptions, SCHEMES, type Scheme } from '../../src/storage/remote/url-options.ts';
import { FORMATS } from '../../src/util/formats.ts';
import { OFF_WORDS } from '../../src/util/off-words.ts';

const PAGES = ['README.md', 'src/README.md', 'test/README.md', '.github/CONTRIBUTING.md'];
const README = read('README.md');

/** What reading a value of a variable takes. */
const READING = {
  ...{ style: 'posix', homeDirectory: '/', problems: [] },
  ...{ absolute: (path: string) => path, variable: () => undefined },
} as const satisfies Reading;

test('the README’s table of options has the options of the help, in its order and words', () => {
  const rows = rowsOf('Options');
  const named = ({ long, value, values, isValueOptional }: OptionRow) => {
    if (values !== undefined) return `${long} [${values.toUpperCase()}...]`;
    if (value === undefined) return long;
    return isValueOptional ? `${long} [${value.toUpperCase()}]` : `${long} ${value.toUpperCase()}`;
  };
  const names = OPTION_ROWS.map((row) => [row.short, named(row)].filter(Boolean).join(', '));
  assert.deepEqual(
    rows.map(([own]) => own),
    names,
  );
  for (const [index, { help }] of OPTION_ROWS.entries()) beginsWith(rows[index]?.[1], help);
  const [, together = ''] = /^\* Give one option at a time\. (.*) go with another one\.$/m.exec(README) ?? [];
  const modifiers = OPTION_ROWS.filter(isModifier).map(({ long }) => `\`${long}\``);
  assert.equal(together, modifiers.join(', ').replace(/, (?=[^,]*$)/, ' and '));
});

test('the README’s table of variables has the variables of the help, in its order, words and defaults', () => {
  const rows = rowsOf('Environment variables');
  const off = OFF_WORDS.map((word) => `\`${word}\``).join(', ');
  assert.ok(README.includes(`if the variable is set to anything but ${off} or the empty text`));
  assert.deepEqual(
    rows.map(([name]) => name),
    Object.keys(VARIABLES),
  );
  for (const [index, { help, kind }] of Object.values<VariableRow>(VARIABLES).entries()) {
    const [name, text = ''] = rows[index] ?? [];
    beginsWith(text, help);
    assert.equal(/\bA switch\b/.test(text), typeof kind.read('1', READING, '') === 'boolean', name);
    const isNone = ['off', 'none'].includes(kind.default);
    assert.ok(isNone || text.includes(`Default: ${kind.default}`), `${name}: Default: ${kind.default}`);
  }
});

test('the README’s table of stores has every scheme that CLCACHE_REMOTE takes', () => {
  const named = rowsOf('Sharing between machines').flatMap(([store = '']) =>
    [...store.matchAll(/([\w+-]+):\/\//g)].map(([, scheme = '']) => scheme),
  );
  assert.deepEqual([...new Set(named)].sort(), [...SCHEMES].sort());
});

test('the README’s tables of stores have every option of each address, and no other one', () => {
  const optionsOf = (scheme: Scheme) => {
    const problems: string[] = [];
    readOptions(scheme, 'no-such-option=1', (problem) => problems.push(problem));
    const [, names = ''] = /\(it takes (.*)\)$/.exec(problems[0] ?? '') ?? [];
    return names.split(', ');
  };
  const namesIn = (cell: string) => [...cell.matchAll(/([\w-]+)=/g)].map(([, name = '']) => name);
  const rows = rowsOf('Sharing between machines');
  const ofAll = ['readonly', 'timeout', 'connect-timeout'];
  for (const [store = '', , own = ''] of rows.filter(([cell]) => cell?.includes('://')))
    for (const scheme of SCHEMES.filter((one) =>
      new RegExp(`(?<![\\w+-])${one.replace('+', '\\+')}://`).test(store),
    ))
      assert.deepEqual([...namesIn(own), ...ofAll].sort(), optionsOf(scheme).sort(), scheme);
  const described = rows.flatMap(([cell = '']) => (cell.includes('://') ? [] : namesIn(cell)));
  assert.deepEqual([...new Set(described)].sort(), [...new Set(SCHEMES.flatMap(optionsOf))].sort());
});

test('the README’s table of what the doctor checks has every check, by the words of its lines', () => {
  const named = rowsOf('Is it set up right\\?').flatMap(([checks = '']) => checks.split(', '));
  assert.deepEqual(named.sort(), CHECKS.map(({ title }) => title).sort());
});

test('the README’s first screen has the two commands for a fresh machine', () => {
  const screen = README.split('\n').slice(0, 50).join('\n');
  for (const command of ['npm run demo', 'npm test', 'npm run build:exe', 'clcache -s'])
    assert.ok(screen.includes(command), command);
});

test('the page about the inside lists every folder of src', () => {
  const page = read('src/README.md');
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const folders = names.filter((name) => !name.includes('/') && !name.includes('.'));
  assert.ok(folders.length > 5);
  assert.deepEqual(
    folders.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});

test('the page about the inside says of each format number where it is used, and when to raise it', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'));
  const texts = new Map(files.map((name) => [name, read(`src/${name}`)]));
  const list = read('src/util/formats.ts');
  const raised = Object.keys(FORMATS).map((name) => {
    const [, comment = ''] = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+${name}: `).exec(list) ?? [];
    const when = comment.replaceAll(/\s*\n\s*\* ?/g, ' ').trim();
    const uses = files.filter((file) => new RegExp(`FORMATS\\.${name}\\b`).test(texts.get(file) ?? ''));
    return [name, uses.sort().join(', '), when.replace(/^Raise it when /, '').replace(/\.$/, '')];
  });
  assert.deepEqual(rowsIn(read('src/README.md'), 'Format numbers'), raised);
});

for (const page of PAGES) {
  test(`every link in ${page} leads to a heading or a file that exists`, () => {
    const text = read(page);
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !link.startsWith('https:'));
    const isBroken = (link: string) =>
      link.startsWith('#') ? !anchors.includes(link.slice(1)) : !existsSync(join(ROOT, dirname(page), link));
    assert.deepEqual(local.filter(isBroken), []);
  });
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The rows of all tables below a heading, without the mark-up; the head of a table is left out. */
function rowsOf(heading: string): string[][] {
  return rowsIn(README, heading);
}

function rowsIn(page: string, heading: string): string[][] {
  const [, section = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [own = ''] = section.split(/^#/m);
  const lines = own.split('\n');
  return lines
    .filter((line, index) => /^\|(?! ---)/.test(line) && !/^\| ---/.test(lines[index + 1] ?? ''))
    .map((line) => line.slice(1, -1).split('|').map(plain));
}

function plain(cell: string): string {
  return cell
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .trim();
}

function beginsWith(text: string | undefined, help: string): void {
  const start = help.replaceAll('"', '').replace(/\.$/, '');
  assert.ok(text?.replaceAll('"', '').startsWith(start), `'${text}' does not begin with '${help}'`);
}

/** As GitHub makes the address of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
