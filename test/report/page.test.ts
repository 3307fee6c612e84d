/** The report as a page and as Markdown, made from values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileSize } from '../../src/report/amounts.ts';
import { reportDocument } from '../../src/report/document/cache-report.ts';
import { escapeHtml, html } from '../../src/report/render/html.ts';
import { escapeMarkdown, markdownOf } from '../../src/report/render/markdown.ts';
import { pageOf } from '../../src/report/render/page.ts';
import { buildAt, EMPTY, FULL, HOSTILE } from '../helpers/full-report.ts';

/** The text of a page as a reader sees it. */
function shownBy(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  return body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
}
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

test('a source called <script>.cpp, and any other text, is shown as it is and never taken for markup', () => {
  const page = pageOf(reportDocument(FULL));
  assert.doesNotMatch(page, /<script/i);
  assert.equal(shownBy(page).split(HOSTILE).length - 1, 13);
  const names = [...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name);
  const allowed =
    `html head meta title link style body main header section h1 h2 p dl div dt dd figure figcaption span
    svg rect table caption thead tbody tr th td`.split(/\s+/);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !allowed.includes(name)),
    [],
  );
});

test('what is put into markup is escaped unless it is markup, alone or in a list', () => {
  const bold = html`<b>${'<i>'}</b>`;
  assert.equal(
    html`<p title="${'"><x'}">${bold}${[bold, bold]}${1}</p>`.markup.replaceAll(bold.markup, 'B'),
    '<p title="&quot;&gt;&lt;x">BBB1</p>',
  );
  assert.equal(escapeHtml('a\u0000b\nc\u202ed\ud800'), 'a b c\ufffdd\ufffd');
});

test('the page needs nothing from outside: no address, no script, no form, and a policy that forbids them', () => {
  const page = pageOf(reportDocument(FULL)).replaceAll(escapeHtml(HOSTILE), '');
  assert.doesNotMatch(page, /https?:|url\(|@import|src=|\son\w+=|<(?:script|iframe|object|form|img)/i);
  assert.match(page, /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;/);
});

test('the page has a language, a title, a viewport, both colour schemes, and headings and captions for all it shows', () => {
  const page = pageOf(reportDocument(FULL));
  assert.match(page, /^<!doctype html>\n<html lang="en">/);
  assert.match(page, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
  assert.match(page, /<title>clcache report<\/title>/);
  assert.match(page, /@media \(prefers-color-scheme: dark\)/);
  assert.match(page, /@media print/);
  const count = (pattern: RegExp) => [...page.matchAll(pattern)].length;
  assert.equal(count(/<h1>/g), 1);
  assert.equal(count(/<section>\n<h2>/g), count(/<section>/g));
  assert.equal(count(/<table>\n<caption>[^<]+<\/caption>/g), count(/<table>/g));
  assert.equal(count(/<svg [^>]*(?:aria-hidden="true"|role="img" aria-label="[^"]+")/g), count(/<svg /g));
});

test('a bar is as long as its amount, and the amount stands beside it', () => {
  const page = pageOf(reportDocument(FULL));
  const bars = [...page.matchAll(/<rect class="part" width="([\d.]+)".*<td>([^<]*)<\/td>/g)].map(
    ([, width, shown]) => [Number(width), shown],
  );
  assert.deepEqual(bars.slice(0, 2), [
    [100, '6'],
    [50, '3'],
  ]);
  assert.match(page, /aria-label="Hit rate of the last 2 builds, oldest first: from 25 % to 50 %"/);
});

test('an empty cache, and one of which no single calls are known, say so in words', () => {
  const shown = shownBy(pageOf(reportDocument(EMPTY)));
  for (const words of [
    'It is not known since when is counted',
    'there was neither a hit nor a miss',
    'No build is known yet.',
    'No source was compiled through clcache yet.',
    'Every call was cached.',
    'The cache folder is empty.',
    'No remote store was used.',
  ])
    assert.ok(shown.includes(words), words);
  assert.doesNotMatch(shown, /NaN|undefined|Infinity/);
  const { calls: _, ...known } = FULL;
  assert.match(
    shownBy(pageOf(reportDocument({ ...known, calls: undefined }))),
    /nothing is kept of single calls/,
  );
});

test('the Markdown says the same in tables without HTML', () => {
  const text = markdownOf(reportDocument(FULL));
  assert.doesNotMatch(text, /<|>/);
  assert.match(text, /^## clcache report\n\n/);
  assert.ok(text.includes('\n| Hit rate | 25 % |\n'), text);
  assert.ok(text.includes('\n| 2026-11-26 11:00 | 50 % | 2 | 2 | 2 min 5 s |\n'), text);
  assert.ok(text.includes(`| ${escapeMarkdown(HOSTILE)} | 5 | 4.2 s of compile time |`), text);
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  assert.ok(rows.length > 30 && rows.every((line) => /^\| .* \|$/.test(line)));
  assert.ok(text.split('\n').every((line) => line.startsWith('|') || !/(?<!\\)\|/.test(line)));
});

test('text for Markdown is what the reader sees: no table, code, link, emphasis, list or heading comes from it', () => {
  const cases = {
    'a|b': 'a\\|b',
    '`x` <b> & $y$': '\\`x\\` &lt;b&gt; &amp; \\$y\\$',
    '*a* _b_ ~c~ [d](e)': '\\*a\\* \\_b\\_ \\~c\\~ \\[d\\](e)',
    'C:\\a\\b': 'C:\\\\a\\\\b',
    '# a': '\\# a',
    '- a': '\\- a',
    '1. a': '1\\. a',
    '---': '\\---',
    '/O2 2.4 GiB, a - b': '/O2 2.4 GiB, a - b',
    'a\n\nb': 'a b',
  };
  assert.deepEqual(Object.keys(cases).map(escapeMarkdown), Object.values(cases));
});

test('the table of Markdown has ten rows and says how many more there are', () => {
  const builds = Array.from({ length: 13 }, (_, hour) => buildAt(hour, 1, 1));
  const text = markdownOf(reportDocument({ ...EMPTY, statistics: { ...EMPTY.statistics, builds } }));
  assert.equal(text.match(/\n\| 2026-/g)?.length, 10);
  assert.match(text, /\n\nand 3 more\n\n/);
});

test('a size has the unit of 1024 that fits it', () => {
  const sizes = [-5, 0, 1023, 1024, 1024 ** 2 - 1, 5 * 1024 ** 3, 3 * 1024 ** 5].map(fileSize);
  assert.deepEqual(sizes, [
    '0 bytes',
    '0 bytes',
    '1,023 bytes',
    '1.0 KiB',
    '1.0 MiB',
    '5.0 GiB',
    '3072.0 TiB',
  ]);
});
