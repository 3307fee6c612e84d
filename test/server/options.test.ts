import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServerLine, type ServerOptions } from '../../src/server/options.ts';

function optionsOf(...argv: readonly string[]): ServerOptions {
  const line = parseServerLine(argv);
  assert.equal(line.kind, 'start');
  if (line.kind !== 'start') throw new Error('not started');
  return line.options;
}

test('without options it watches, excludes nothing, and ends after an idle hour', () => {
  assert.deepEqual(optionsOf(), { exclude: [], isWatching: true, idleTimeoutMs: 3_600_000 });
});

test('--exclude may be repeated, and case does not matter', () => {
  const { exclude } = optionsOf('--exclude', '\\\\build\\\\', '--exclude=generated');
  assert.deepEqual(exclude, [/\\build\\/i, /generated/i]);
});

test('--disable_watching switches watching off, under the Python clcache’s name', () => {
  assert.equal(optionsOf('--disable_watching').isWatching, false);
});

test('--idle-timeout takes seconds, and 0 for never', () => {
  assert.equal(optionsOf('--idle-timeout', '90').idleTimeoutMs, 90_000);
  assert.equal(optionsOf('--idle-timeout=0').idleTimeoutMs, 0);
});

for (const argv of [
  ['--exclude', '('],
  ['--exclude'],
  ['--idle-timeout', 'soon'],
  ['--idle-timeout=-1'],
  ['--idle-timeout', '1e9'],
  ['--disable-watching'],
  ['a.cpp'],
]) {
  test(`'${argv.join(' ')}' is refused in one line`, () => {
    const line = parseServerLine(argv);
    assert.equal(line.kind, 'complain');
    assert.ok(line.kind === 'complain' && /^[^\n]+$/.test(line.because));
  });
}

test('--help and --version print text and start nothing', () => {
  const help = parseServerLine(['--help']);
  assert.ok(help.kind === 'say' && /--exclude[\s\S]*--disable_watching[\s\S]*--idle-timeout/.test(help.text));
  const version = parseServerLine(['--version']);
  assert.ok(version.kind === 'say' && /^clcache-server \d/.test(version.text));
});
