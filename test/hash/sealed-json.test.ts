import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSealedJson, sealJson } from '../../src/hash/sealed-json.ts';

test('a sealed value opens unchanged', () => {
  for (const value of [{}, [], null, 0, 'ä \u{1f600} "', { a: [1, { b: '\ud800' }] }])
    assert.deepEqual(openSealedJson(sealJson(JSON.stringify(value))), value);
});

test('sealed JSON with a changed byte, a cut or an addition does not open', () => {
  const bytes = Buffer.from(sealJson('{"name":"ä","list":[1,2,"x"]}'));
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 0x10, 0x20, 0x80]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      assert.equal(openSealedJson(changed.toString('utf8')), undefined, `byte ${at}`);
    }
    assert.equal(openSealedJson(bytes.subarray(0, at).toString('utf8')), undefined, `cut at ${at}`);
  }
  const text = bytes.toString('utf8');
  for (const other of [`${text}\n`, ` ${text}`, `\ufeff${text}`, text + text, '{}', 'null', '{"body":1}'])
    assert.equal(openSealedJson(other), undefined);
});
