import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config/config.ts';
import { variableProblems } from '../../src/config/variable-problems.ts';
import { VARIABLES, type VariableName } from '../../src/config/variables.ts';

const GOOD_VALUES: { readonly [Name in VariableName]?: string } = {
  CLCACHE_DIR: '/cache',
  CLCACHE_BASEDIR: '/tree;/build',
  CLCACHE_COMPRESSLEVEL: '22',
  CLCACHE_REMOTE_SIGN: '/etc/key',
  CLCACHE_REMOTE_TRUST: '/etc/key.pub; ed25519-public:x',
};

function ofNames(names: string, style: 'posix' | 'win32' = 'posix'): string[] {
  const environment = Object.fromEntries(names.split(' ').map((name) => [name, '/x']));
  return variableProblems(environment, style).filter((line) => line.includes('not a variable'));
}

test('every variable of clcache is known, and a valid value gives no problem', () => {
  const names = Object.keys(VARIABLES);
  const environment = { ...Object.fromEntries(names.map((name) => [name, '1'])), ...GOOD_VALUES };
  assert.deepEqual(variableProblems(environment, 'posix'), []);
});

test('a misspelt variable is reported with the one that was meant', () => {
  const meant: Readonly<Record<string, string>> = {
    CLCACHE_BASDIR: 'CLCACHE_BASEDIR',
    CLCACHE_BASE_DIR: 'CLCACHE_BASEDIR',
    CLCACHE_DISABLED: 'CLCACHE_DISABLE',
    CLCACHE_HARD_LINK: 'CLCACHE_HARDLINK',
    CLCACHE_REMOTES: 'CLCACHE_REMOTE',
    CLCAHCE_DIR: 'CLCACHE_DIR',
    clcache_dir: 'CLCACHE_DIR',
    CLCACHE_dir: 'CLCACHE_DIR',
  };
  for (const [name, right] of Object.entries(meant))
    assert.deepEqual(ofNames(name), [`${name} is not a variable of clcache: did you mean ${right}?`]);
  assert.deepEqual(ofNames('CLCACHE_SOMETHING_ELSE'), [
    'CLCACHE_SOMETHING_ELSE is not a variable of clcache; see clcache --help',
  ]);
  assert.equal(ofNames('CLCACHEDIR').length, 1);
});

test('variables of other programs, and names in another case on Windows, are no problem', () => {
  const others =
    'CCACHE_DIR SCCACHE_DIR BUILDCACHE_DIR KCACHE_DIR CL _CL_ CLASSPATH ClcacheEnabled CLCACHE_CHAIN CACHE_DIR';
  assert.deepEqual(ofNames(others), []);
  assert.deepEqual(ofNames('clcache_dir Clcache_Log ClcacheEnabled', 'win32'), []);
});

test('a switch with a word that means neither on nor off counts as on, and is reported', () => {
  const problems = (value: string) => variableProblems({ CLCACHE_HARDLINK: value }, 'posix');
  for (const value of ['', '0', '1', '2', 'false', 'No', 'OFF', 'yes', 'true', 'on', ' on ']) {
    assert.deepEqual(problems(value), [], value);
  }
  for (const value of ['flase', 'disabled', 'n']) {
    assert.deepEqual(problems(value), [
      `CLCACHE_HARDLINK counts as on: '${value}' is none of 0, false, no, off, 1, true, yes, on`,
    ]);
  }
});

test('a folder that depends on the working folder is reported', () => {
  const [first, second, ...more] = variableProblems(
    { CLCACHE_DIR: '~/cache', CLCACHE_BASEDIR: '/tree;build' },
    'posix',
  );
  assert.match(first ?? '', /^CLCACHE_DIR .*'~\/cache' is not absolute$/);
  assert.match(second ?? '', /^CLCACHE_BASEDIR .*'build' is not absolute$/);
  assert.deepEqual(more, []);
  assert.deepEqual(variableProblems({ CLCACHE_DIR: 'C:\\cache' }, 'win32'), []);
});

test('a compression level that no method has is reported, and no other number is', () => {
  const level = (value: string) => variableProblems({ CLCACHE_COMPRESSLEVEL: value }, 'posix');
  assert.deepEqual(level('23'), ["CLCACHE_COMPRESSLEVEL counts as 22: '23' is more than 22"]);
  assert.deepEqual(variableProblems({ CLCACHE_SERVER_TIMEOUT_MS: '23' }, 'posix'), []);
});

test('no value that may be a secret is repeated', () => {
  const environment = {
    CLCACHE_REMOTE_SIGN: 'hush',
    CLCACHE_REMOTE_SECRET: 'hush',
    CLCACHE_REMOTE_SECRT: 'hush',
    CLCACHE_REMOT: 'redis://:hush@host',
  };
  const lines = variableProblems(environment, 'posix');
  assert.equal(lines.length, 3);
  assert.ok(!lines.join().includes('hush'));
});

test('a compression level that is too high has one line, however long it is', () => {
  for (const level of ['23', '99999999999999999999999', '+100']) {
    const env = { CLCACHE_COMPRESSLEVEL: level };
    assert.deepEqual(variableProblems(env, 'posix'), [
      `CLCACHE_COMPRESSLEVEL counts as 22: '${level}' is more than 22`,
    ]);
    const { problems, compressionLevel } = readConfig({ env, platform: 'linux', cwd: () => '/' });
    assert.deepEqual([problems, compressionLevel], [[], 22]);
  }
  assert.deepEqual(variableProblems({ CLCACHE_COMPRESSLEVEL: '1e3' }, 'posix'), []);
});

test('a line break in a value does not break the line about it', () => {
  const env = { CLCACHE_COMPRESS: 'a\r\nb\u001b[31m', CLCACHE_X: '1' };
  for (const line of variableProblems(env, 'posix')) assert.match(line, /^[\x20-\x7e]+$/);
});
