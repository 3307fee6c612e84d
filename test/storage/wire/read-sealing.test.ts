import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { keys, type Reading } from '../../../src/config/kinds.ts';
import { shownValue } from '../../../src/config/shown-value.ts';
import { openEnvelope, sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { type ReadSealing, readSealing, secretsIn } from '../../../src/storage/wire/read-sealing.ts';
import { redactor } from '../../../src/util/redact.ts';
import { testKey } from '../../helpers/signing.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const KEY = `v1/o/${'a'.repeat(40)}` as const;

/** As the configuration reads a variable of keys. */
function itemsIn(text: string): readonly string[] | undefined {
  const reading: Omit<Reading, 'absolute'> = {
    style: 'posix',
    homeDirectory: '/',
    problems: [],
    variable: () => undefined,
  };
  return keys.read(
    text,
    { ...reading, absolute: (path) => (path.startsWith('/') ? path : `/folder/${path}`) },
    'X',
  );
}

function read({ sign, trust }: { readonly sign?: string; readonly trust?: string }): ReadSealing {
  const [remoteSign, remoteTrust] = [sign, trust].map((text) =>
    text === undefined ? undefined : itemsIn(text),
  );
  return readSealing({ ...(remoteSign && { remoteSign }), ...(remoteTrust && { remoteTrust }) });
}

function why(given: { readonly sign?: string; readonly trust?: string }): string {
  const result = read(given);
  return result.kind === 'unusable' ? result.because : 'usable';
}

/** A private key as one word. */
function asWord(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
  return `ed25519-private:${der.subarray(-32).toString('base64url')}`;
}

function asPem(publicKey: { export(options: object): string | Buffer }): string {
  return String(publicKey.export({ type: 'spki', format: 'pem' }));
}

test('a key is PEM or one word, itself or in a file, with Windows’s line ends or written line breaks', (t) => {
  const folder = temporaryFolder(t);
  const { privateText, publicText, signer } = testKey();
  const pem = asPem(signer.publicKey);
  writeFileSync(`${folder}/key`, privateText);
  writeFileSync(`${folder}/key.pub`, `\ufeff# of CI\r\n${publicText}\r\n`);
  writeFileSync(`${folder}/pem.pub`, pem.replaceAll('\n', '\r\n'));
  symlinkSync('key', `${folder}/link`);
  writeFileSync(`${folder}/powershell.pub`, `\ufeff${publicText}\r\n`, 'utf16le');
  const written = privateText.replaceAll('\n', '\\n');
  for (const sign of [
    privateText,
    written,
    written.replace(/\\n$/, ''),
    written.replaceAll('\\n', '\\r\\n'),
    `${asWord(privateText)}\\n`,
    `${folder}/key`,
    `"${folder}/link"`,
  ])
    for (const trust of [
      `# of CI\n${publicText}`,
      pem,
      `${folder}/key.pub`,
      `${folder}/pem.pub`,
      `${folder}/powershell.pub`,
      `${pem};${publicText}`,
    ]) {
      const [writer, reader] = [read({ sign }), read({ trust })];
      assert.ok(writer.kind === 'read' && reader.kind === 'read', why({ sign, trust }));
      const blob = sealEnvelope(KEY, Buffer.from('body'), writer.sealing);
      const opened = openEnvelope(KEY, blob, { sealing: reader.sealing, maximumSize: 100 });
      assert.equal(opened.kind, 'opened');
    }
});

test('several trusted keys stand in one value or in one file, and a signer trusts itself as well', (t) => {
  const folder = temporaryFolder(t);
  const [one, two, three] = [testKey(), testKey(), testKey()];
  writeFileSync(`${folder}/keys`, `# now\n${two.publicText}\n\n# before\n${asPem(three.signer.publicKey)}`);
  const ids = (given: ReadSealing) =>
    given.kind === 'read' ? given.sealing.trusted?.map(({ id }) => id.toString('hex')) : given.because;
  const hex = [one, two, three].map(({ signer }) => signer.id.toString('hex'));
  for (const separator of [';', '\n', ' ; ', '\r\n'])
    assert.deepEqual(ids(read({ trust: `${one.publicText}${separator}${folder}/keys` })), hex);
  const inOneLine = [one, two, three].map(({ signer }) => asPem(signer.publicKey).replaceAll('\n', '\\n'));
  assert.deepEqual(ids(read({ trust: inOneLine.join('') })), hex);
  assert.deepEqual(ids(read({ sign: one.privateText, trust: `${folder}/keys` })), hex);
  assert.deepEqual(ids(read({ sign: one.privateText })), hex.slice(0, 1));
  assert.equal(ids(read({})), undefined);
});

test('what is no key says so in one line with the name of its variable, and shows nothing of it', (t) => {
  const folder = temporaryFolder(t);
  const { privateText, publicText } = testKey();
  const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const locked = generateKeyPairSync('ed25519').privateKey.export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hush' },
  });
  const word = asWord(privateText);
  writeFileSync(`${folder}/empty`, '# nothing\n');
  writeFileSync(`${folder}/large`, Buffer.alloc(100_000, `${publicText}\n`));
  mkdirSync(`${folder}/folder`);
  const cases: readonly (readonly [{ sign?: string; trust?: string }, RegExp])[] = [
    [
      { sign: `${folder}/gone` },
      /^CLCACHE_REMOTE_SIGN is neither a key nor a file that can be read: no such file/,
    ],
    [{ sign: `${folder}/folder` }, /no ordinary file/],
    [{ sign: `${folder}/large` }, /too large/],
    [{ sign: `${folder}/empty` }, /names a file without a key/],
    [{ sign: word.slice(0, -1) }, /holds something that is no key/],
    [{ sign: `${word}A` }, /holds something that is no key/],
    [{ sign: word.slice('ed25519-private:'.length) }, /neither a key nor a file/],
    [{ sign: privateText.slice(0, 60) }, /broken, or not of Ed25519/],
    [{ sign: String(rsa) }, /not of Ed25519/],
    [{ sign: String(locked) }, /passphrase/],
    [{ sign: privateText.replaceAll('PRIVATE', 'OPENSSH PRIVATE') }, /a key of ssh-keygen/],
    [{ sign: publicText }, /^CLCACHE_REMOTE_SIGN holds a public key/],
    [{ sign: `${word};${word}` }, /several keys/],
    [{ sign: ';' }, /holds no key/],
    [{ trust: ';' }, /^CLCACHE_REMOTE_TRUST holds no key/],
    [{ trust: privateText }, /^CLCACHE_REMOTE_TRUST holds a private key/],
    [{ trust: word }, /private key/],
    [{ trust: `${publicText};${folder}/gone` }, /^CLCACHE_REMOTE_TRUST is neither/],
    [{ trust: `${publicText};${publicText}x` }, /no key/],
    [{ sign: privateText, trust: 'nonsense' }, /^CLCACHE_REMOTE_TRUST is neither/],
  ];
  for (const [given, expected] of cases) {
    assert.match(why(given), expected);
    assert.doesNotMatch(why(given), /\n/);
    for (const part of Object.values(given).flatMap((text) => text.match(/[\w-]{20,}/g) ?? []))
      assert.ok(!why(given).includes(part), why(given));
  }
});

test('no part of a private key is shown, in whichever variable it was put', () => {
  const { privateText, publicText } = testKey();
  const word = asWord(privateText);
  const hide = redactor(secretsIn({ remoteSign: itemsIn(privateText) ?? [] }));
  assert.doesNotMatch(hide(privateText), /[\w+/]{30}/);
  assert.equal(redactor(secretsIn({ remoteSign: [word] }))(`a ${word} b`), 'a *** b');
  for (const secret of [privateText, word]) {
    assert.equal(shownValue('CLCACHE_REMOTE_SIGN', secret), '(not shown)');
    assert.equal(shownValue('CLCACHE_REMOTE_TRUST', `${publicText};${secret}`), `${publicText};***`);
  }
});
