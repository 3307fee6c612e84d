import assert from 'node:assert/strict';
import test from 'node:test';
import { lookOfText } from '../../src/config/terminal.ts';
import { CHECKS } from '../../src/doctor/checks.ts';
import { doctorJson, findingText, summaryText } from '../../src/doctor/doctor-text.ts';
import { bad, good, look, stops } from '../../src/doctor/finding.ts';

const SIGNS = { colours: false, signs: true };
const WORDS = 'word '.repeat(60).trim();

test('a finding is mark, title and text in 80 columns, with what to do below it', () => {
  const lines = findingText('limit', look(WORDS, WORDS), SIGNS).split('\n');
  assert.match(lines[0] ?? '', /^! limit {11}word/);
  assert.ok(lines.some((line) => /^ {18}→ word/.test(line)));
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.equal(lines.at(-1), '');
});

test('where signs cannot be shown the marks are words in ASCII', () => {
  const plain = { colours: false, signs: false };
  const text = [good('x'), look('x'), bad('x', 'y')].map((one) => findingText('limit', one, plain)).join('');
  assert.match(text, /^ok limit .*\n! {2}limit .*\nX {2}limit .*\n.* -> y\n$/);
  assert.match(text, /^\p{ASCII}*$/u);
});

test('colours are for terminals, and NO_COLOR turns them off', () => {
  const on = (env: Record<string, string>, isTerminal = true, platform: NodeJS.Platform = 'linux') =>
    lookOfText({ env, platform }, isTerminal);
  assert.deepEqual(on({}), { colours: true, signs: true });
  assert.deepEqual(on({ NO_COLOR: '1' }), { colours: false, signs: true });
  assert.deepEqual(on({ TERM: 'dumb' }, true).colours, false);
  assert.deepEqual(on({}, false).colours, false);
  assert.deepEqual(on({ LANG: 'de_DE.UTF-8' }).signs, true);
  for (const language of ['C', 'POSIX', 'de_DE.ISO-8859-1'])
    assert.equal(on({ LC_ALL: language, LANG: 'de_DE.UTF-8' }).signs, false, language);
  assert.deepEqual(on({}, true, 'win32'), { colours: false, signs: false });
  const coloured = findingText('limit', good('x'), { colours: true, signs: true });
  assert.ok(coloured.startsWith('\u001b[32m✓\u001b[0m limit'));
});

test('control characters of a name do not reach the terminal', () => {
  assert.match(findingText('limit', good('a\u001b[2Jb\nc\u009bd'), SIGNS), /a \[2Jb c d\n$/);
});

test('the last lines name what keeps a build from being served, and what else to look at', () => {
  const found = (title: string, finding: ReturnType<typeof good>) => ({ title, finding });
  assert.equal(summaryText([found('a', good('x'))]), '\nA build would be served.\n');
  const all = [
    found('a', stops('x', 'y')),
    found('b', look('x')),
    found('b', bad('x', 'y')),
    found('c', good('x')),
  ];
  assert.equal(summaryText(all), '\nA build would not be served: a. Look at: b.\n');
  const { served, findings } = JSON.parse(doctorJson(all));
  assert.equal(served, false);
  assert.deepEqual(findings[0], { check: 'a', mark: 'bad', found: 'x', advice: 'y', stops: true });
});

test('no two checks have the same title', () => {
  const titles = CHECKS.map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length);
  for (const title of titles) assert.ok(title.length <= 14, title);
});
