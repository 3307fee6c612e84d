import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ABSENT, type FileState, PRESENT } from '../../../src/cache/manifest.ts';
import { askHashServer, recallHashes } from '../../../src/compile/hit/known-hashes.ts';
import type { Session } from '../../../src/compile/session.ts';
import type { HashClient } from '../../../src/hash/client.ts';
import { type Digest, digestOfBytes } from '../../../src/hash/digest.ts';
import type { AskedFile } from '../../../src/hash/protocol.ts';
import { MemoryProject } from '../memory-session.ts';

const KEY = digestOfBytes(Buffer.from('key'));

interface Served {
  readonly session: Session;
  readonly states: readonly FileState[];
  readonly source: { readonly path: string; readonly digest: Digest };
  /** The files that the server was asked for, one list for each question. */
  readonly asked: (readonly AskedFile[])[];
}

/** This many headers that are an hour old, and a server that answers with this digest for each file. */
function served(context: TestContext, count: number, answer?: Digest): Served {
  const project = new MemoryProject(context);
  const states: FileState[] = [];
  for (let index = 0; index < count; index++) {
    project.write(`${index}.h`, `// ${index}\n`);
    states.push({ path: project.path(`${index}.h`), state: digestOfBytes(Buffer.from(`// ${index}\n`)) });
  }
  project.write('a.c', 'int a;\n');
  const asked: (readonly AskedFile[])[] = [];
  const session = project.session('/c a.c');
  const hashServer: HashClient = {
    async ask(files) {
      asked.push(files);
      return answer && files.map(() => answer);
    },
  };
  const keyRecords = { fileOf: () => project.path('no hashes'), keep: async () => {} };
  const files = { ...session.files, hashServer, keyRecords };
  const source = { path: project.path('a.c'), digest: digestOfBytes(Buffer.from('int a;\n')) };
  return { session: { ...session, files }, states, source, asked };
}

test('a header’s hash from the hash server is used, and the header is not read', async (context) => {
  const answer = digestOfBytes(Buffer.from('what the server says'));
  const { session, states, source, asked } = served(context, 16, answer);
  await askHashServer(session, source, states);
  assert.deepEqual(
    asked.map((files) => files.length),
    [16],
  );
  for (const { path } of states) assert.equal(session.files.memory.digest(path), answer);
});

test('a hash server that does not answer makes the headers be read', async (context) => {
  const { session, states, source, asked } = served(context, 16);
  await askHashServer(session, source, states);
  assert.equal(asked.length, 1);
  for (const { path, state } of states) assert.equal(session.files.memory.digest(path), state);
});

test('the hash server is not asked about few files, known files, or files that only need to exist', async (context) => {
  const answer = digestOfBytes(Buffer.from('what the server says'));
  const few = served(context, 15, answer);
  await askHashServer(few.session, few.source, few.states);
  assert.deepEqual(few.asked, []);
  const { session, states, source, asked } = served(context, 17, answer);
  session.files.memory.digest(states[0]?.path ?? '');
  const others = [PRESENT, ABSENT].map((state) => ({ path: `${source.path}${state}`, state }) as FileState);
  await askHashServer(session, source, [...states, ...others]);
  assert.deepEqual(
    asked.map((files) => files.map(({ path }) => path)),
    [states.slice(1).map(({ path }) => path)],
  );
});

test('remembered hashes are loaded unless this call has them all', (context) => {
  const { session, states } = served(context, 2);
  assert.equal(recallHashes(session, KEY, states), true);
  for (const { path } of states) session.files.memory.digest(path);
  assert.equal(recallHashes(session, KEY, states), false);
  assert.equal(recallHashes(session, KEY, [{ path: '/nowhere/at/all', state: ABSENT }]), false);
  const { memory } = session.files;
  const off = { ...session, files: { memory } };
  assert.equal(recallHashes(off, KEY, [{ path: '/nowhere/at/all', state: KEY }]), false);
});
