import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorOf } from '../../../src/compiler/answers/native-processor.ts';

test('a processor is its name with all of its features in order', () => {
  const command = '"/usr/bin/clang" "-cc1" "-x" "c" "-target-cpu" "skylake" "-target-feature" "+avx2" "a.c"';
  assert.equal(processorOf(command), '-target-cpu skylake -target-feature +avx2');
  assert.notEqual(processorOf(command.replace('+avx2', '-avx2')), processorOf(command));
  assert.equal(
    processorOf('"-target-cpu" "x86-64" "-tune-cpu" "znver3"'),
    '-target-cpu x86-64 -tune-cpu znver3',
  );
});

test('an answer without a processor is undefined', () => {
  assert.equal(processorOf('clang: error: unsupported option'), undefined);
  assert.equal(processorOf('"-target-feature" "+sse2"'), undefined);
});
