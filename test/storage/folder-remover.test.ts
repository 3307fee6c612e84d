/** What leaves the cache is removed in threads, and without them if there are none. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { FolderRemover } from '../../src/storage/local/folder-remover.ts';
import { ItemRemover } from '../../src/storage/local/item-remover.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function folderWithFiles(folder: string): string {
  mkdirSync(`${folder}/below`, { recursive: true });
  writeFileSync(`${folder}/file`, 'x');
  writeFileSync(`${folder}/below/file`, 'x');
  return folder;
}

function broken(): Worker {
  return new Worker('throw new Error("broken")', { eval: true, execArgv: [] });
}

for (const [name, remover] of [
  ['in threads', () => new FolderRemover()],
  ['if the system gives no thread', () => new FolderRemover(() => undefined)],
  ['if each thread breaks', () => new FolderRemover(broken)],
  ['if every thread but the first breaks', () => new FolderRemover(onceWell())],
] as const) {
  test(`folders are removed ${name}`, async (t) => {
    const root = temporaryFolder(t);
    const folders = remover();
    for (let number = 0; number < 60; number++) {
      folders.remove(folderWithFiles(`${root}/${number}`));
      // Lets the threads answer between some of them.
      if (number % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await folders.end();
    assert.deepEqual(readdirSync(root), []);
  });
}

test('a thread that hangs keeps neither the call nor the next cleaning', async (t) => {
  const folder = folderWithFiles(temporaryFolder(t));
  const hanging = new Worker('setInterval(() => {}, 1000)', { eval: true, execArgv: [] });
  t.after(() => hanging.terminate());
  const folders = new FolderRemover(() => hanging, 100);
  folders.remove(folder);
  assert.deepEqual(await folders.end(), [folder]);
  assert.ok(existsSync(folder));
  const next = new FolderRemover();
  next.remove(folder);
  await next.end();
  assert.ok(!existsSync(folder));
});

test('an item that cannot be removed keeps no other', {
  skip: process.platform !== 'linux' && 'the limit of paths is that of Linux',
}, async (t) => {
  const root = temporaryFolder(t);
  const folder = `${root}/removed`;
  for (let number = 0; number < 30; number++) folderWithFiles(`${folder}/${number}`);
  // Together they are longer than a path may be. Some versions of Node.js remove them nevertheless.
  const half = `-deep${`/${'x'.repeat(200)}`.repeat(15)}`;
  mkdirSync(`${folder}/${half}`, { recursive: true });
  mkdirSync(`${root}/${half}`, { recursive: true });
  renameSync(`${root}/-deep`, `${folder}/${half}/rest`);
  const folders = new FolderRemover();
  folders.remove(folder);
  await folders.end();
  const left = existsSync(folder) ? readdirSync(folder) : [];
  // In two pieces it can be removed.
  if (left.includes('-deep')) renameSync(`${folder}/${half}/rest`, `${root}/rest`);
  assert.deepEqual(
    left.filter((name) => name !== '-deep'),
    [],
  );
});

/** Gives a thread that does as it is told, and then broken ones. */
function onceWell(): () => Worker {
  const program = `
    const { rmSync } = require('node:fs');
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (folder) => {
      rmSync(folder, { recursive: true });
      parentPort.postMessage(true);
    });`;
  let started = 0;
  return () => (started++ === 0 ? new Worker(program, { eval: true, execArgv: [] }) : broken());
}

test('a remover that got nothing ends at once, and makes no folder', async (t) => {
  const layout = layoutOf(temporaryFolder(t));
  await new ItemRemover(layout).end();
  assert.ok(!existsSync(layout.root));
});

test('what the system refuses in one part of a cleaning keeps no other part, and is told; our own mistakes are thrown', async (t) => {
  const remover = new ItemRemover(layoutOf(temporaryFolder(t)));
  const refuse = (text: string) => () => Promise.reject(Object.assign(new Error(text), { code: 'EACCES' }));
  assert.equal(await remover.attempt(refuse('EACCES: the first')), undefined);
  assert.equal(await remover.attempt(refuse('EACCES: the second')), undefined);
  assert.equal(await remover.attempt(() => Promise.resolve('done')), 'done');
  assert.equal(remover.refused, 'EACCES: the first');
  await assert.rejects(
    remover.attempt(() => Promise.reject(new TypeError('a mistake'))),
    TypeError,
  );
});

test('items of equal names are all removed, in as many folders as they need, and what is gone is told', async (t) => {
  const layout = layoutOf(temporaryFolder(t));
  const remover = new ItemRemover(layout);
  for (let number = 0; number < 1100; number++) {
    const place = `${layout.objects}/${number % 2}`;
    mkdirSync(place, { recursive: true });
    assert.ok(remover.take(folderWithFiles(`${place}/entry`)));
    assert.ok(!remover.take(`${place}/entry`));
  }
  await remover.end();
  assert.deepEqual(readdirSync(layout.root), ['objects']);
});
