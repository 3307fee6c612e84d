import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { probeStore } from '../../../src/doctor/store-probe.ts';
import { type RemoteAddress, readAddresses } from '../../../src/storage/remote/address.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const CONTEXT = { environment: {}, homeDirectory: '/nowhere', style: 'posix' } as const;

function addressOf(remote: string): RemoteAddress {
  const [[address] = []] = readAddresses({ remote }).stores;
  assert.ok(address, remote);
  return address;
}

const probe = (remote: string, secret?: string) =>
  probeStore(addressOf(remote), { context: CONTEXT, sealing: { secret } });

test('the doctor reads and writes a store, and sees what another secret left there', async (t) => {
  const folder = temporaryFolder(t);
  const url = `file://${folder}`;
  const fine = { kind: 'answers', writing: 'works', hasStrangeEntry: false };
  const withoutTime = async (result: ReturnType<typeof probe>) => {
    const { milliseconds: _time, ...rest } = { milliseconds: 0, ...(await result) };
    return rest;
  };
  assert.deepEqual(await withoutTime(probe(url, 'one secret')), fine);
  assert.deepEqual(await withoutTime(probe(url, 'one secret')), fine);
  assert.deepEqual(await withoutTime(probe(url, 'another one')), { ...fine, hasStrangeEntry: true });
  assert.deepEqual(await withoutTime(probe(`${url}?readonly=1`, 'another one')), {
    ...fine,
    writing: 'notTried',
  });
});

test('a store that is not there, and a folder that takes nothing, are told apart', async (t) => {
  const folder = temporaryFolder(t);
  const gone = await probe(`file://${folder}/gone`);
  assert.notEqual(gone.kind, 'answers');
  assert.equal((await probe('http://127.0.0.1:1/x')).kind, 'unreadable');
  assert.equal((await probe('redis://127.0.0.1:1')).kind, 'unreachable');
  if (process.getuid?.() === 0) return;
  mkdirSync(join(folder, 'full'));
  chmodSync(join(folder, 'full'), 0o555);
  const full = await probe(`file://${folder}/full`);
  assert.ok(full.kind === 'answers' && typeof full.writing === 'object');
});

for (const scheme of ['redis', 'http', 'memcached']) {
  test(`a ${scheme} store that accepts and never answers does not hold up the doctor`, async (t) => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const result = await probe(`${scheme}://127.0.0.1:${port}${scheme === 'http' ? '/x' : ''}?timeout=0.2`);
    assert.ok(result.kind === 'unreachable' || result.kind === 'unreadable');
    assert.match(result.because, /silence|took over/);
  });
}
