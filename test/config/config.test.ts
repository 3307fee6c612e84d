import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Config, readConfig } from '../../src/config/config.ts';
import { isTracked } from '../../src/config/tracker.ts';
import { variableProblems } from '../../src/config/variable-problems.ts';
import { VARIABLES, type VariableRow } from '../../src/config/variables.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function onLinux(env: Record<string, string>): Config {
  return readConfig({ env: { HOME: '/home/me', ...env }, platform: 'linux', cwd: () => '/src' });
}

function onWindows(env: Record<string, string>): Config {
  const all = { USERPROFILE: 'C:\\Users\\me', ...env };
  return readConfig({ env: all, platform: 'win32', cwd: () => 'C:\\work' });
}

test('the defaults apply without any variable', () => {
  const { environment: _environment, ...config } = onLinux({});
  assert.deepEqual(
    { ...config, processorCount: 0, terminal: undefined, machineName: 'here' },
    {
      cacheDirectory: '/home/me/clcache',
      log: { kind: 'off' },
      disabled: false,
      hardLink: false,
      compress: false,
      direct: true,
      baseDirectories: [],
      safeOptions: [],
      embedsDebug: false,
      precompiledHeaders: false,
      machineName: 'here',
      lockTimeoutMs: 10_000,
      profile: false,
      server: false,
      serverTimeoutMs: 50,
      serverAddress: `/tmp/clcache-${process.getuid?.() ?? 0}/server.sock`,
      compilerCheck: { kind: 'content' },
      hashCache: true,
      remoteOnly: false,
      uploadLimitMs: 5000,
      reshare: false,
      workingDirectory: '/src',
      isFolderGone: false,
      style: 'posix',
      homeDirectory: '/home/me',
      processorCount: 0,
      terminal: undefined,
      problems: [],
      fromFile: [],
    },
  );
  assert.ok(config.processorCount >= 1);
});

test('a switch is on if it is set, except to a word for no', () => {
  for (const value of ['1', 'yes', 'anything', '2'])
    assert.equal(onLinux({ CLCACHE_DISABLE: value }).disabled, true);
  for (const value of ['', '0', 'false', 'No', 'OFF', ' ']) {
    assert.equal(onLinux({ CLCACHE_DISABLE: value }).disabled, false);
  }
  const config = onLinux({
    CLCACHE_NODIRECT: '1',
    CLCACHE_NOHASHCACHE: '1',
    CLCACHE_HARDLINK: '1',
    CLCACHE_COMPRESS: '1',
  });
  assert.deepEqual(
    [config.direct, config.hashCache, config.hardLink, config.compress],
    [false, false, true, true],
  );
});

test('under MSBuild’s Tracker every header is opened, because only that makes it a dependency', () => {
  assert.equal(onWindows({ TRACKER_ENABLED: '1' }).hashCache, false);
  assert.equal(onWindows({}).hashCache, true);
  assert.equal(isTracked({ Tracker_Enabled: '' }, 'win32'), true);
  assert.equal(isTracked({ TRACKER_INTERMEDIATE: 'x64' }, 'win32'), false);
});

test('the log goes to stderr for a word for yes, else to the named file', () => {
  assert.deepEqual(onLinux({ CLCACHE_LOG: '1' }).log, { kind: 'stderr' });
  assert.deepEqual(onLinux({ CLCACHE_LOG: 'off' }).log, { kind: 'off' });
  assert.deepEqual(onLinux({ CLCACHE_LOG: 'logs/a.txt' }).log, { kind: 'file', path: '/src/logs/a.txt' });
});

test('the cache folder is the one of CLCACHE_DIR, absolute', () => {
  assert.equal(onLinux({ CLCACHE_DIR: 'cache/' }).cacheDirectory, '/src/cache');
  assert.equal(onWindows({ CLCACHE_DIR: '"D:\\my cache"' }).cacheDirectory, 'D:\\my cache');
  assert.equal(onWindows({ CLCACHE_DIR: '\\\\?\\D:\\cache' }).cacheDirectory, 'D:\\cache');
  assert.equal(onWindows({ CLCACHE_DIR: '\\\\server\\x\\cache' }).cacheDirectory, '\\\\server\\x\\cache');
});

test('on Windows a new cache folder is in the local data folder, and an existing one at home is kept', (t) => {
  assert.equal(
    onWindows({ LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }).cacheDirectory,
    'C:\\Users\\me\\AppData\\Local\\clcache',
  );
  assert.equal(onWindows({}).cacheDirectory, 'C:\\Users\\me\\clcache');
  if (process.platform !== 'win32') return;
  const home = temporaryFolder(t);
  mkdirSync(`${home}\\clcache`);
  assert.equal(onWindows({ USERPROFILE: home, LOCALAPPDATA: 'C:\\x' }).cacheDirectory, `${home}\\clcache`);
});

test('names of variables ignore case on Windows', () => {
  const config = onWindows({ clcache_dir: 'D:\\c', Clcache_Cl: 'clang-cl' });
  assert.deepEqual([config.cacheDirectory, config.compiler], ['D:\\c', 'clang-cl']);
});

test('base directories are absolute, without trailing separators, in the given order', () => {
  assert.deepEqual(onWindows({ CLCACHE_BASEDIR: 'C:\\a\\; C:\\a\\b\\c ;d;;' }).baseDirectories, [
    'C:\\a',
    'C:\\a\\b\\c',
    'C:\\work\\d',
  ]);
});

test('a bad number gives a line for the log, and the default applies', () => {
  const config = onLinux({ CLCACHE_OBJECT_CACHE_TIMEOUT_MS: 'soon', CLCACHE_COMPRESSLEVEL: '-1' });
  assert.equal(config.lockTimeoutMs, 10_000);
  assert.equal(config.compressionLevel, undefined);
  assert.equal(config.problems.length, 2);
  assert.match(config.problems.join('\n'), /CLCACHE_OBJECT_CACHE_TIMEOUT_MS is not a whole number: 'soon'/);
  assert.equal(onLinux({ CLCACHE_OBJECT_CACHE_TIMEOUT_MS: ' 250 ' }).lockTimeoutMs, 250);
});

test('options that are declared safe are words, and others are left out with a line for the log', () => {
  const config = onLinux({ CLCACHE_SAFE_OPTIONS: ' /d1x;-fnew-*  /clang:-fnew-*\t-Xclang=-y ' });
  assert.deepEqual(config.safeOptions, ['/d1x', '-fnew-*', '/clang:-fnew-*', '-Xclang=-y']);
  assert.deepEqual(config.problems, []);
  const bad = onLinux({ CLCACHE_SAFE_OPTIONS: 'x; * -* /* -f*x /clang:* -Xclang=-* -Xclang=* /c*;/ok' });
  assert.deepEqual(bad.safeOptions, ['/ok']);
  assert.equal(bad.problems.length, 9);
  assert.match(bad.problems.join('\n'), /CLCACHE_SAFE_OPTIONS: '\/clang:\*' is neither/);
});

test('a compiler is identified by content, or if requested by time or by a text', () => {
  assert.deepEqual(onLinux({}).compilerCheck, { kind: 'content' });
  assert.deepEqual(onLinux({ CLCACHE_COMPILER_CHECK: 'mtime' }).compilerCheck, { kind: 'mtime' });
  assert.deepEqual(onLinux({ CLCACHE_COMPILER_CHECK: 'string:19.40:x' }).compilerCheck, {
    kind: 'string',
    value: '19.40:x',
  });
  const bad = onLinux({ CLCACHE_COMPILER_CHECK: 'size' });
  assert.deepEqual([bad.compilerCheck, bad.problems.length], [{ kind: 'content' }, 1]);
});

test('each variable has a setting of its own, and the default that the help shows is the one that is used', () => {
  const rows = Object.values<VariableRow>(VARIABLES);
  const settings = rows.map(({ setting }) => setting);
  assert.equal(new Set(settings).size, rows.length);
  const config: Partial<Record<string, unknown>> = { ...onLinux({}) };
  for (const { setting, kind } of rows) {
    const value = config[setting];
    if (typeof value === 'number') assert.equal(String(value), kind.default, setting);
    if (typeof value === 'boolean') assert.equal(kind.default, 'off', setting);
    if (value === undefined || (Array.isArray(value) && value.length === 0))
      assert.match(
        kind.default,
        /^none$|^cl\.exe from PATH$|^the method's own$|^the umask of the process$/,
        setting,
      );
  }
});

test('the configuration does not change when its environment does', () => {
  const env: Record<string, string> = { HOME: '/home/me', A: '1' };
  const config = readConfig({ env, platform: 'linux', cwd: () => '/src' });
  env['A'] = '2';
  assert.equal(config.environment['A'], '1');
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.environment));
});

test('a program in a deleted folder gets a configuration, and a folder in which others can be started', () => {
  const inDeletedFolder = (platform: NodeJS.Platform) =>
    readConfig({
      env: { HOME: '/home/me', PWD: '/gone' },
      platform,
      cwd: () => {
        throw new Error('ENOENT');
      },
    });
  assert.equal(inDeletedFolder('linux').workingDirectory, '/proc/self/cwd');
  assert.equal(inDeletedFolder('darwin').workingDirectory, '/gone');
  assert.ok(inDeletedFolder('linux').isFolderGone);
  assert.ok(!onLinux({}).isFolderGone);
});

test('remote stores are kept as given, and the secret with its blanks', () => {
  const config = onLinux({
    CLCACHE_REMOTE: ' redis://a http://b ',
    CLCACHE_MEMCACHED: 'c:11211',
    CLCACHE_REMOTE_ONLY: '1',
    CLCACHE_REMOTE_SECRET: ' s ',
    CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS: '250',
  });
  assert.deepEqual(
    [config.remote, config.memcached, config.remoteOnly, config.remoteSecret, config.uploadLimitMs],
    ['redis://a http://b', 'c:11211', true, ' s ', 250],
  );
  const empty = onLinux({ CLCACHE_REMOTE: ' ', CLCACHE_MEMCACHED: '', CLCACHE_REMOTE_SECRET: '' });
  assert.ok(!('remote' in empty) && !('memcached' in empty) && !('remoteSecret' in empty));
});

test('the hash server listens at the Python clcache’s pipe, elsewhere in a folder of its user', () => {
  assert.equal(onWindows({}).serverAddress, '\\\\.\\pipe\\clcache_srv');
  assert.equal(onLinux({ XDG_RUNTIME_DIR: '/run/user/7' }).serverAddress, '/run/user/7/clcache/server.sock');
  const user = process.getuid?.() ?? 0;
  assert.equal(onLinux({ TMPDIR: '/var/tmp' }).serverAddress, `/var/tmp/clcache-${user}/server.sock`);
  assert.equal(onLinux({ XDG_RUNTIME_DIR: 'relative' }).serverAddress, `/tmp/clcache-${user}/server.sock`);
});

test('config.txt in the cache folder sets what the environment leaves open', (t) => {
  const folder = temporaryFolder(t);
  const set = {
    CLCACHE_PDB: 'per-object',
    CLCACHE_COMPRESS: '1',
    CLCACHE_COMPRESSLEVEL: 'x',
    CLCACHE_PCH: '1',
  };
  writeFileSync(`${folder}/config.txt`, JSON.stringify(set));
  const given = { HOME: '/home/me', CLCACHE_DIR: folder, CLCACHE_COMPRESS: '0', CLCACHE_PCH: '' };
  const inFile = onLinux(given);
  assert.deepEqual(
    [inFile.databases, inFile.compress, inFile.precompiledHeaders],
    ['perObject', false, false],
  );
  assert.deepEqual(inFile.fromFile, ['CLCACHE_PDB', 'CLCACHE_COMPRESSLEVEL']);
  assert.equal(inFile.environment['CLCACHE_PDB'], 'per-object');
  const { fromFile: _inFile, environment: one, ...fromFile } = { ...inFile, terminal: undefined };
  const {
    fromFile: _none,
    environment: other,
    ...fromEnvironment
  } = {
    ...onLinux({ ...set, ...given, CLCACHE_DIR: temporaryFolder(t) }),
    cacheDirectory: folder,
    terminal: undefined,
  };
  assert.deepEqual(fromFile, fromEnvironment, 'with the same complaints');
  assert.deepEqual({ ...one, CLCACHE_DIR: '' }, { ...other, CLCACHE_DIR: '' });
});

test('on Windows a variable of the environment wins whatever the case of its name', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/config.txt`, '{"CLCACHE_COMPRESS": "1", "CLCACHE_PCH": "1"}');
  const env = { clcache_dir: folder, Clcache_Compress: '0' };
  const config = readConfig({ env, platform: 'win32', cwd: () => folder });
  if (process.platform === 'win32')
    assert.deepEqual([config.compress, config.precompiledHeaders], [false, true]);
  assert.equal(config.compress, false);
});

test('what is wrong with config.txt is a line of its own, and never fails a call', (t) => {
  const folder = temporaryFolder(t);
  for (const text of ['{', '{"CLCACHE_X\n": 1}', '{"CLCACHE_COMPRESSLEVEL": "a\\r\\nb"}']) {
    writeFileSync(`${folder}/config.txt`, text);
    const { problems, cacheDirectory } = onLinux({ CLCACHE_DIR: folder });
    assert.equal(cacheDirectory, folder);
    assert.equal(problems.length, 1, text);
    assert.doesNotMatch(problems.join(), /[\r\n]/);
  }
});

test('the umask of the cache folder is octal and leaves the owner all rights', () => {
  for (const [text, umask] of [
    ['002', 2],
    ['2', 2],
    ['077', 0o77],
    ['0022', 0o22],
    ['0', 0],
    [' "007" ', 7],
  ] as const) {
    assert.deepEqual(
      [onLinux({ CLCACHE_UMASK: text }).umask, onLinux({ CLCACHE_UMASK: text }).problems],
      [umask, []],
    );
  }
  for (const text of ['008', '277', '777', 'u=rwx', '-2', '0x2', '0o2', '2.0']) {
    const { umask, problems } = onLinux({ CLCACHE_UMASK: text });
    assert.deepEqual([umask, problems.length], [undefined, 1], text);
    assert.match(problems.join(), /^CLCACHE_UMASK is not an octal number up to 077: /);
  }
  assert.deepEqual(
    [onLinux({ CLCACHE_UMASK: '' }).umask, onWindows({ CLCACHE_UMASK: '002' }).umask],
    [undefined, undefined],
  );
  assert.match(variableProblems({ CLCACHE_UMASK: '002' }, 'win32').join(), /no effect on Windows/);
});
