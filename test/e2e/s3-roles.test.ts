/** S3 with the credentials of roles, as AWS's own library finds them, and without any. */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import {
  type AwsService,
  startContainerCredentials,
  startInstanceMetadata,
  startStubborn,
  startTokenService,
} from '../helpers/aws-services.ts';
import { bundle, run } from '../helpers/compilers.ts';
import { startProxy } from '../helpers/proxy.ts';
import { freePort, type StartedServer, startS3 } from '../helpers/remote-servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { machine, type Variables } from './machine.ts';

/** s3rver checks the signature of each request with these. */
const ROLE = { keyId: 'S3RVER', secret: 'S3RVER' };

interface Place {
  readonly service: AwsService;
  readonly variables: Variables;
}

const PLACES: Readonly<Record<string, (folder: string) => Promise<Place>>> = {
  'an instance': async () => {
    const service = await startInstanceMetadata(ROLE);
    return { service, variables: { AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url } };
  },
  'a container': async () => {
    const service = await startContainerCredentials(ROLE, 'the token');
    return {
      service,
      variables: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/role`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the token',
      },
    };
  },
  'a web identity': async (folder) => {
    const service = await startTokenService(ROLE, 'signed by the CI');
    const file = join(folder, 'token');
    writeFileSync(file, 'signed by the CI');
    return {
      service,
      variables: {
        AWS_WEB_IDENTITY_TOKEN_FILE: file,
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/builder',
        AWS_ENDPOINT_URL_STS: service.url,
      },
    };
  },
};

/** A folder that only its owner may enter, as systemd makes one for each user. */
function runtimeFolder(t: Pick<TestContext, 'after'>): string {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o700);
  return folder;
}

describe('S3 with the role of', () => {
  let s3: StartedServer;
  const store = (folder: string) => `s3://bucket/${folder}?endpoint=http://127.0.0.1:${s3.port}`;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  for (const [name, start] of Object.entries(PLACES)) {
    test(`${name} is shared, and whoever gives the credentials is asked once for many calls`, async (t) => {
      const { service, variables } = await start(temporaryFolder(t));
      t.after(service.stop);
      const all = {
        ...variables,
        CLCACHE_REMOTE: store(name.replaceAll(' ', '-')),
        XDG_RUNTIME_DIR: runtimeFolder(t),
      };
      const [first, second] = [machine(t, all), machine(t, { ...all, XDG_RUNTIME_DIR: runtimeFolder(t) })];
      const compiled = await first.compile('one');
      assert.deepEqual([compiled.status, compiled.stderr.toString()], [0, '']);
      const asked = service.asked();
      assert.ok(asked > 0);
      await first.compile('two');
      assert.equal(service.asked(), asked);
      await second.compile('one', 'two');
      assert.equal((await second.statistics()).CacheHits, 2);
      const [counts] = Object.values(await second.remotes());
      assert.deepEqual([counts?.errors, counts?.timeouts], [0, 0]);
      // Only the user can read what was remembered, and it is not in the cache folder.
      const folder = join(all.XDG_RUNTIME_DIR, 'clcache');
      const [file = ''] = readdirSync(folder);
      assert.deepEqual(
        [statSync(folder).mode & 0o777, statSync(join(folder, file)).mode & 0o777],
        [0o700, 0o600],
      );
      assert.match(readFileSync(join(folder, file), 'utf8'), /S3RVER/);
    });
  }

  test('a web identity says nothing to the build, also on an old Node.js', async (t) => {
    const { service, variables } = await (PLACES['a web identity'] ?? assert.fail())(temporaryFolder(t));
    t.after(service.stop);
    const here = machine(t, {
      ...variables,
      CLCACHE_REMOTE: store('node'),
      XDG_RUNTIME_DIR: runtimeFolder(t),
    });
    const options = { cwd: here.checkout, env: here.environment };
    const result = await run(process.execPath, [bundle(), ...here.commandLine('one')], options);
    assert.deepEqual([result.status, result.stderr.toString()], [0, '']);
    assert.ok(service.asked() > 0);
    assert.deepEqual(Object.values(await here.remotes())[0]?.errors, 0);
  });

  test('a web identity is shown through the proxy that the variables name', async (t) => {
    const { service, variables } = await (PLACES['a web identity'] ?? assert.fail())(temporaryFolder(t));
    const proxy = await startProxy(Number(new URL(service.url).port));
    for (const one of [service, proxy]) t.after(() => one.stop());
    const here = machine(t, {
      ...variables,
      // A name that only the proxy knows.
      AWS_ENDPOINT_URL_STS: 'http://sts.internal.invalid',
      http_proxy: `http://127.0.0.1:${proxy.port}`,
      no_proxy: '127.0.0.1',
      CLCACHE_REMOTE: store('proxy'),
      XDG_RUNTIME_DIR: runtimeFolder(t),
    });
    assert.equal((await here.compile('one')).status, 0);
    assert.equal(Object.values(await here.remotes())[0]?.errors, 0);
    assert.match(proxy.asked.join(), /^POST http:\/\/sts\.internal\.invalid/);
  });

  test('an instance is asked again if the service does not accept what it gave', async (t) => {
    const wrong = await startInstanceMetadata({ keyId: 'OTHER', secret: 'OTHER' });
    const right = await startInstanceMetadata(ROLE);
    for (const service of [wrong, right]) t.after(service.stop);
    const folder = runtimeFolder(t);
    const onMachine = (service: AwsService) =>
      machine(t, {
        AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url,
        CLCACHE_REMOTE: store('again'),
        XDG_RUNTIME_DIR: folder,
      });
    const refused = onMachine(wrong);
    assert.equal((await refused.compile('one')).status, 0);
    const [counts] = Object.values(await refused.remotes());
    assert.match(counts?.lastError ?? '', /403 InvalidAccessKeyId/);
    assert.deepEqual(readdirSync(join(folder, 'clcache')), []);
    const accepted = onMachine(right);
    await accepted.compile('one');
    assert.equal(Object.values(await accepted.remotes())[0]?.errors, 0);
    assert.equal(readdirSync(join(folder, 'clcache')).length, 1);
  });
});

const SERVICES_THAT_GIVE_NONE: Readonly<
  Record<string, { readonly start: () => Promise<Pick<AwsService, 'url' | 'stop'>>; readonly said: RegExp }>
> = {
  'is dead': {
    start: async () => ({ url: `http://127.0.0.1:${await freePort()}`, stop: async () => {} }),
    said: /nor ~\/\.aws hold credentials, and the metadata service of this machine gave none/,
  },
  'does not answer': {
    start: async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        stop: async () => void server.close(),
      };
    },
    said: /the metadata service of this machine gave none/,
  },
  'shows a page': {
    start: () => startStubborn(200, '<html>Welcome</html>'),
    said: /no credentials for AWS/,
  },
  'gives half of it': {
    start: () => startStubborn(200, '{"Code":"Success","AccessKeyId":"half"}'),
    said: /no credentials for AWS/,
  },
  'has no role': {
    start: () => startStubborn(404, ''),
    said: /the metadata service of this machine gave none/,
  },
};

for (const [what, { start, said }] of Object.entries(SERVICES_THAT_GIVE_NONE)) {
  test(`a build goes on if the metadata service ${what}, and clcache -s says why`, async (t) => {
    const service = await start();
    t.after(service.stop);
    const here = machine(t, {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url,
      CLCACHE_REMOTE: 's3://bucket?endpoint=http://127.0.0.1:1',
      XDG_RUNTIME_DIR: runtimeFolder(t),
    });
    const started = performance.now();
    assert.equal((await here.compile('one')).status, 0);
    assert.ok(performance.now() - started < 30_000);
    assert.notEqual(here.object('one'), 'none');
    const [counts] = Object.values(await here.remotes());
    assert.equal((counts?.errors ?? 0) + (counts?.timeouts ?? 0), 1);
    assert.match(counts?.lastError ?? '', said);
    assert.notEqual(counts?.outUntil, undefined);
  });
}
