import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixtureProgram } from '../../helpers/fixture-program.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

for (const name of ['replaceFileSync', 'writeFileAtomicSync']) {
  test(`${name}: a disk that takes only part of the bytes leaves the old content, and is reported`, {
    skip: process.platform === 'win32',
  }, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(`${folder}/file`, 'old');
    const program = fixtureProgram('write-atomic.ts');
    // The limit (1 KiB) stands for the full disk: the first write call is cut short without an error.
    const command = `ulimit -f 1; exec "${process.execPath}" "${program}" ${name} "${folder}/file" 1500`;
    assert.equal(execFileSync('bash', ['-c', command], { encoding: 'utf8' }), 'EFBIG');
    assert.equal(readFileSync(`${folder}/file`, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
}
