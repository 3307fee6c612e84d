/** `--make-key` in memory, but for the files that it writes. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { dispatch } from '../../src/cli/dispatch.ts';
import { readSealing } from '../../src/storage/wire/read-sealing.ts';
import { saidBy } from '../helpers/said.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A folder, and what a line says there. */
function place(t: TestContext) {
  const folder = temporaryFolder(t);
  const own = (...argv: string[]) => saidBy(argv, { folder, env: { CLCACHE_DIR: `${folder}/cache` } });
  return { folder, own };
}

const ON_WINDOWS = process.platform === 'win32';

test('a pair of keys is made that belong together, with rights for the owner, and the private one is not shown', async (t) => {
  const { folder, own } = place(t);
  for (const [argv, name] of [
    [['--make-key'], 'clcache-key'],
    [['--make-key', 'ci'], 'ci'],
    [['--make-key=sub.key'], 'sub.key'],
  ] as const) {
    const { status, stdout, stderr } = await own(...argv);
    assert.deepEqual([status, stderr], [0, '']);
    const file = `${folder}/${name}`;
    const secret = readFileSync(file, 'utf8').trim();
    assert.ok(secret.length > 50 && !stdout.includes(secret.slice(-20)));
    const [, word = ''] = /CLCACHE_REMOTE_TRUST=(\S+)\n/.exec(stdout) ?? [];
    assert.ok(readFileSync(`${file}.pub`, 'utf8').endsWith(`\n${word}\n`));
    assert.ok(stdout.includes(`CLCACHE_REMOTE_SIGN=${file}\n`));
    if (!ON_WINDOWS) assert.equal(statSync(file).mode & 0o777, 0o600);
    const [writer, reader] = [{ remoteSign: [file] }, { remoteTrust: [word, `${file}.pub`] }].map(
      readSealing,
    );
    assert.ok(writer?.kind === 'read' && reader?.kind === 'read');
    for (const { id } of reader.sealing.trusted ?? []) assert.deepEqual(id, writer.sealing.signer?.id);
  }
  assert.equal(
    new Set(['clcache-key', 'ci'].map((name) => readFileSync(`${folder}/${name}.pub`, 'utf8'))).size,
    2,
  );
});

test('no file that is there is overwritten or followed, and no half of a pair is left', async (t) => {
  const { folder, own } = place(t);
  const old = ['key', 'other.pub'];
  for (const name of old) writeFileSync(`${folder}/${name}`, 'mine');
  mkdirSync(`${folder}/folder`);
  if (!ON_WINDOWS) symlinkSync('nowhere', `${folder}/link`);
  const before = readdirSync(folder).sort();
  for (const name of ['key', 'other', 'folder', 'missing/key', ...(ON_WINDOWS ? [] : ['link'])]) {
    const { status, stdout, stderr } = await own('--make-key', name);
    assert.deepEqual([status, stdout], [1, ''], name);
    assert.match(stderr, /^clcache: no key was made: '[^']+' cannot be written: [^\n]+\n$/, name);
  }
  assert.deepEqual(readdirSync(folder).sort(), before);
  for (const name of old) assert.equal(readFileSync(`${folder}/${name}`, 'utf8'), 'mine');
});

test('a name may be left out, and one word more is no line of clcache', () => {
  assert.equal(dispatch(['--make-key']).kind, 'own');
  assert.equal(dispatch(['--make-key', 'x']).kind, 'own');
  assert.equal(dispatch(['--make-key', '/c']).kind, 'own');
  assert.equal(dispatch(['--make-key', 'x', 'a.cpp']).kind, 'compile');
});
