/** `clcache --report` and `--summary` after real calls, and the page in a real browser. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../bin/dev/project.ts';
import { reportDocument } from '../../src/report/document/cache-report.ts';
import { pageOf } from '../../src/report/render/page.ts';
import { type Browser, findBrowser, startBrowser } from '../helpers/browser.ts';
import { buildAt, FULL } from '../helpers/full-report.ts';
import { type Workspace, workspace } from './workspace.ts';

const BROWSER = findBrowser();
const skip = BROWSER === undefined && 'no browser (Debian package chromium) is on PATH';
const WIDTHS = [400, 1200] as const;
const SCHEMES = ['light', 'dark'] as const;
/** Where the screenshots are left for people to look at. */
const SCREENSHOTS = join(ROOT, 'dist/screenshots');

/** Everything that a page can show, with as many builds as are kept, large numbers and words that fit in no line. */
const WORD = `C:\\${'a-long-folder-name'.repeat(9)}`;
const LONG: typeof FULL = {
  ...FULL,
  statistics: {
    ...FULL.statistics,
    cacheDirectory: WORD,
    builds: Array.from({ length: 24 }, (_, hour) =>
      buildAt(hour, 40_000 + ((hour * 37) % 160) * 1000, 65_000),
    ),
    problems: [WORD],
  },
  calls: FULL.calls && {
    ...FULL.calls,
    headers: [{ what: WORD, count: 1_234_567, ms: 1e9 }, ...FULL.calls.headers],
  },
};

/** A cache with two misses, two hits, and calls that are not cached, all of a source with a name for troublemakers. */
async function used(t: TestContext): Promise<Workspace> {
  const space = workspace(t);
  const source = '<script>alert(1)<b>.c';
  space.write(
    source,
    '#include "a header with a name that is long enough for two lines.h"\nint one = TWO;\n',
  );
  space.write('a header with a name that is long enough for two lines.h', '#define TWO 2\n');
  await space.clcache(['/c', source]);
  await space.clcache(['/c', source]);
  space.write('a header with a name that is long enough for two lines.h', '#define TWO 3\n');
  await space.clcache(['/c', source]);
  await space.clcache(['/c', source]);
  await space.clcache(['/c', source, '-fsyntax-only', '/Fo:x.obj', '-emit-ast']);
  return space;
}

test('--report writes a page and Markdown of the same numbers, and stores and counts nothing', async (t) => {
  const space = await used(t);
  const before = await space.statistics();
  const { status, stdout } = await space.own(['--report', 'report.html']);
  assert.deepEqual([status, stdout.toString()], [0, 'Report written to report.html\n']);
  assert.equal((await space.own(['--report', 'summary.md'])).status, 0);
  const [page, markdown] = [space.read('report.html').toString(), space.read('summary.md').toString()];
  assert.match(page, /<dt>Hit rate<\/dt><dd class="value">50 %<\/dd>/);
  assert.match(markdown, /\| Hit rate \| 50 % \|/);
  assert.match(page, /a header changed, or another one is found.*<td>1<\/td>/);
  // Of single calls: the header, and the option with the folder of its source.
  assert.match(
    page,
    /<th scope="row">a header with a name that is long enough for two lines\.h<svg .*<td>1<\/td>/,
  );
  assert.match(markdown, /\| -fsyntax-only prints something and compiles nothing \| 1 \| in [^|]+ \|/);
  assert.match(page, /in the last hour.*<td>[\d.]+ KiB<\/td>/);
  assert.doesNotMatch(page + markdown, /<script/);
  assert.deepEqual(await space.statistics(), before);
});

test('a report on an empty cache is one all the same, and makes no cache folder', async (t) => {
  const space = workspace(t, { isBlank: true });
  assert.equal((await space.own(['--report', 'report.md'])).status, 0);
  assert.match(space.read('report.md').toString(), /The cache folder is empty\./);
  assert.equal(existsSync(space.cache), false);
});

test('a report that cannot be written leaves what was there, nothing beside it, and one line with status 1', async (t) => {
  const space = workspace(t, { isBlank: true });
  space.write('here/old.html', 'old');
  mkdirSync(space.path('here/folder.html'));
  for (const [file, why] of [
    ['here/folder.html', 'is not an ordinary file and was not replaced'],
    ['gone/new.html', 'cannot be written: no such file or directory'],
    ['here/old.html/new.html', 'cannot be written: not a directory'],
    [`here/${'n'.repeat(300)}.html`, 'cannot be written: name too long'],
    ['here/old.htm', 'takes a file that ends in .html or .md'],
  ] as const) {
    const { status, stdout, stderr } = await space.own(['--report', file]);
    assert.deepEqual([status, stdout.toString()], [1, ''], file);
    assert.match(stderr.toString(), /^clcache: [^\n]+\n$/);
    assert.ok(stderr.toString().includes(why), stderr.toString());
  }
  assert.deepEqual(readdirSync(space.path('here')).sort(), ['folder.html', 'old.html']);
  assert.equal(space.read('here/old.html').toString(), 'old');
  assert.deepEqual(readdirSync(space.folder), ['here']);
  assert.equal((await space.own(['--report', 'here/old.html'])).status, 0);
  assert.match(space.read('here/old.html').toString(), /^<!doctype html>/);
});

test('--summary says in one line what the last build gained, and of an unused cache that it is unused', async (t) => {
  const space = await used(t);
  const { status, stdout } = await space.own(['--summary']);
  assert.equal(status, 0);
  assert.match(
    stdout.toString(),
    /^clcache: 2 hits, 2 misses \(50 %\); [\d.]+ s saved, [\d.]+ s lost to misses; [^\n]+\n$/,
  );
  await space.own(['-z']);
  assert.match(
    (await space.own(['--summary'])).stdout.toString(),
    /^clcache: nothing was compiled through it yet; /,
  );
});

test('in a browser the page has no sideways scroll, request or error, in both widths and colour schemes', {
  skip,
}, async (t) => {
  const space = await used(t);
  await space.own(['--report', 'report.html']);
  space.write('values.html', pageOf(reportDocument(LONG)));
  const browser = await startBrowser(t, BROWSER ?? '');
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await browser.send(`${domain}.enable`);
  mkdirSync(SCREENSHOTS, { recursive: true });
  const backgrounds = new Set<string>();
  for (const name of ['report', 'values']) {
    const loaded = browser.next('Page.loadEventFired');
    await browser.send('Page.navigate', { url: pathToFileURL(space.path(`${name}.html`)).href });
    await loaded;
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        const seen = await look(browser, { width, scheme });
        const where = `${name}, ${width} px, ${scheme}`;
        assert.equal(seen.scrollWidth, width, where);
        assert.deepEqual(seen.beyond, [], where);
        assert.ok(seen.lowestContrast >= 4.5, `${where}: contrast ${seen.lowestContrast}`);
        assert.ok(seen.smallestText >= 13, `${where}: ${seen.smallestText} px`);
        assert.equal(seen.scripts, 0);
        backgrounds.add(seen.background);
        writeFileSync(join(SCREENSHOTS, `${name}-${width}-${scheme}.png`), seen.picture);
        assert.equal(seen.picture.readUInt32BE(16), width, 'the width of the picture');
      }
    }
  }
  assert.equal(backgrounds.size, SCHEMES.length);
  const requested = browser.events
    .filter(({ method }) => method === 'Network.requestWillBeSent')
    .map(({ params }) => String((params['request'] as { readonly url: string }).url));
  assert.deepEqual(
    requested.filter((url) => !/^(?:file:.*\/(?:report|values)\.html|data:,)$/.test(url)),
    [],
  );
  const problems = browser.events.filter(({ method }) =>
    ['Log.entryAdded', 'Runtime.exceptionThrown', 'Runtime.consoleAPICalled'].includes(method),
  );
  assert.deepEqual(problems, []);
});

interface Seen {
  readonly scrollWidth: number;
  /** Texts that reach beyond the sides of the window, or out of their own box. */
  readonly beyond: readonly string[];
  readonly lowestContrast: number;
  /** In pixels. */
  readonly smallestText: number;
  readonly scripts: number;
  readonly background: string;
  readonly picture: Buffer;
}

/** Looks at the page in a window of this width. */
async function look(
  browser: Browser,
  { width, scheme }: { readonly width: number; readonly scheme: string },
): Promise<Seen> {
  await browser.send('Emulation.setDeviceMetricsOverride', {
    ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
  });
  await browser.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  const { result } = await browser.send('Runtime.evaluate', {
    expression: MEASURE,
    returnByValue: true,
  });
  const { data } = await browser.send('Page.captureScreenshot', { captureBeyondViewport: true });
  const { value } = result as { readonly value: Omit<Seen, 'picture'> };
  return { ...value, picture: Buffer.from(String(data), 'base64') };
}

/** Runs in the page. */
const MEASURE = readFileSync(join(ROOT, 'test/fixtures/measure-page.js'), 'utf8');
