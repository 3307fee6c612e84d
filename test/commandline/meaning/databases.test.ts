import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandLineHost } from '../../../src/commandline/compile-call.ts';
import { databaseOfLine, objectOfLine } from '../../../src/commandline/meaning/databases.ts';
import { CL, CLANG_CL, callOf, keyOf, onlyJob, outputsOf, reasonOf, words } from '../hosts.ts';

const OWN: CommandLineHost = { ...CL, databases: 'own' };
const PER_OBJECT: CommandLineHost = { ...CL, databases: 'perObject' };

test('a database that /Fd names for one source is an output of its compile', () => {
  assert.deepEqual(outputsOf('/c /Zi /Fdx.pdb a.c', OWN), [
    'object C:\\work\\a.obj',
    'database C:\\work\\x.pdb',
  ]);
  assert.match(outputsOf('/c /Zi /Fdy /Fdout\\x /FS a.c', OWN).join(), /database C:\\work\\out\\x\.pdb$/);
  assert.notEqual(keyOf('/c /Zi /Fdx.pdb a.c', OWN), keyOf('/c /Zi /Fdy.pdb a.c', OWN));
  assert.notEqual(keyOf('/c /Zi /Fdx.pdb a.c', OWN), keyOf('/c /Z7 /Fdx.pdb a.c', OWN));
});

test('a database that several sources, a precompiled header or the next edit use is nobody’s own', () => {
  for (const line of [
    '/c /Zi a.c',
    '/c /Zi /Fdout\\ a.c',
    '/c /Zi /Fdx.pdb a.c b.c',
    '/c /Zi /Fdx.pdb /Yupch.h a.c',
    '/c /Zi /Fdx.pdb /Ycpch.h pch.c',
    '/c /ZI /Fdx.pdb a.c',
    '/c /Zi /ZI /Fdx.pdb a.c',
  ]) {
    assert.equal(reasonOf(line, OWN), 'externalDebugInfo', line);
  }
  assert.equal(reasonOf('/c /Zi /Fdx.pdb /Yupch.h /Y- a.c', OWN), 'cacheable');
  assert.equal(reasonOf('/c /Zi /Fdx.pdb a.c', CL), 'externalDebugInfo');
});

test('per object, each object gets a database with its name, whatever the line says of one', () => {
  const { jobs } = callOf('/c /Zi /Fdall.pdb /FS /MP /Foout\\ a.c b.c', PER_OBJECT);
  assert.deepEqual(
    jobs.map(({ compilerArguments, outputs }) => [compilerArguments.join(' '), outputs.at(-1)?.path]),
    [
      ['/c /Zi /Foout\\ /Fdout\\a.obj.pdb a.c', 'C:\\work\\out\\a.obj.pdb'],
      ['/c /Zi /Foout\\ /Fdout\\b.obj.pdb b.c', 'C:\\work\\out\\b.obj.pdb'],
    ],
  );
  assert.equal(keyOf('/c /Zi /Fdx.pdb a.c', PER_OBJECT), keyOf('/c /Zi /Fdy.pdb /FS a.c', PER_OBJECT));
  assert.notEqual(keyOf('/c /Zi /Foa.obj a.c', PER_OBJECT), keyOf('/c /Zi /Fob.obj a.c', PER_OBJECT));
  assert.equal(reasonOf('/c /ZI a.c', PER_OBJECT), 'externalDebugInfo');
  assert.equal(reasonOf('/c /Zi /Yupch.h a.c', PER_OBJECT), 'externalDebugInfo');
});

test('clang-cl writes no database, and a line with /Z7 writes none', () => {
  assert.deepEqual(outputsOf('/c /Zi /Fdx.pdb a.c', { ...CLANG_CL, databases: 'perObject' }), [
    'object /tree/a.obj',
  ]);
  assert.deepEqual(
    onlyJob('/c /Z7 /Fdx.pdb /FS a.c', PER_OBJECT).compilerArguments.join(' '),
    '/c /Z7 /Fdx.pdb /FS a.c',
  );
  assert.equal(databaseOfLine(words('/c /Zi /Fdx.pdb /Z7 a.c'), OWN), undefined);
});

test('the database and the object of any line are known', () => {
  assert.equal(databaseOfLine(words('/c /ZI /Fdx a.c /Yupch.h'), OWN), 'C:\\work\\x.pdb');
  assert.equal(databaseOfLine(words('/c /Zi a.c'), OWN), undefined);
  assert.equal(objectOfLine(words('/c /Zi /Foout\\ a.c'), OWN), 'C:\\work\\out\\a.obj');
  assert.equal(objectOfLine(words('/c /Zi a.c b.c'), OWN), undefined);
});
