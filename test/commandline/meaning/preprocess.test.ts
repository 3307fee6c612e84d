import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerListing, preprocessorArguments } from '../../../src/commandline/meaning/preprocess.ts';
import { CL, CLANG_CL, onlyJob } from '../hosts.ts';

const PLAIN = { usesPrecompiled: false, showsSkipped: false };

test('The preprocessor gets the options of the job without its outputs and include notes, warnings off', () => {
  const job = onlyJob('/c /WX /we4668 /DX /showIncludes /FA /Foout\\ /Tpa.x', CL);
  assert.deepEqual(preprocessorArguments(job, 'EP'), [
    '/WX',
    '/DX',
    '/nologo',
    '/EP',
    '/w',
    '/WX-',
    '/Tpa.x',
  ]);
  assert.ok(preprocessorArguments(job, 'E').includes('/E'));
});

test('headers are listed by one kind of work alone, because newer clang-cl refuse /EP beside another one', () => {
  const job = onlyJob('/c /Z7 /DX a.cpp', CLANG_CL);
  const { arguments: args, stream } = headerListing(job, PLAIN);
  assert.deepEqual(args, [
    ...['/Z7', '/DX', '/nologo', '/Zs', '/w', '/WX-', '/showIncludes'],
    ...['/Y-', '-Xclang', '-Eonly', 'a.cpp'],
  ]);
  assert.equal(stream, 'stdout');
  const assembled = headerListing(onlyJob('/c /DX a.S', CLANG_CL), PLAIN);
  assert.deepEqual(assembled.arguments, ['/DX', '/nologo', '/EP', '/w', '/WX-', '/showIncludes', 'a.S']);
  assert.equal(assembled.stream, 'stderr');
});

test('a list with the headers that are skipped is the same run with one option more', () => {
  for (const line of ['/c /DX a.cpp', '/c /DX a.S']) {
    const job = onlyJob(line, CLANG_CL);
    const [plain, skipped] = [
      headerListing(job, PLAIN),
      headerListing(job, { ...PLAIN, showsSkipped: true }),
    ];
    assert.equal(skipped.stream, plain.stream);
    const at = skipped.arguments.indexOf('/showIncludes') + 1;
    assert.deepEqual(skipped.arguments.slice(at, at + 2), ['-Xclang', '-fshow-skipped-includes']);
    assert.deepEqual(skipped.arguments.toSpliced(at, 2), plain.arguments);
  }
});

test('headers besides a precompiled one are listed by a run that uses it', () => {
  const job = onlyJob('/c /Z7 /Yux.h /Fp/src/x.pch a.cpp', CLANG_CL);
  const { arguments: args } = headerListing(job, { ...PLAIN, usesPrecompiled: true });
  assert.ok(args.includes('/Zs') && args.includes('/Yux.h'));
  assert.ok(!args.includes('/Y-') && !args.includes('-Eonly'));
});
