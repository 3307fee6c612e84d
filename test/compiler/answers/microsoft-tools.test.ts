import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { microsoftTools, type ToolSearch } from '../../../src/compiler/answers/microsoft-tools.ts';
import { digestOfBytes } from '../../../src/hash/digest.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A folder with files, and the parts of the key from them. */
function machine(context: TestContext): {
  folder: string;
  add(name: string, text?: string): void;
  decides(search: Partial<ToolSearch>): string;
} {
  const folder = temporaryFolder(context);
  return {
    folder,
    add: (name, text = '') => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    decides: (search) =>
      JSON.stringify(
        microsoftTools({
          environment: {},
          style: 'posix',
          workingDirectory: folder,
          toolFolders: [],
          digestOf: (path) => (existsSync(path) ? digestOfBytes(readFileSync(path)) : undefined),
          ...search,
        }),
      ),
  };
}

test('the first folder of PATH with cl.exe and link.exe decides, and only it', (context) => {
  const { folder, add, decides } = machine(context);
  const environment = {
    PATH: ['none', 'half', 'whole', 'later'].map((name) => join(folder, name)).join(':'),
  };
  const nothing = decides({ environment });
  add('half/cl.exe');
  assert.equal(decides({ environment }), nothing);
  for (const name of ['whole/cl.exe', 'whole/link.exe']) add(name);
  const whole = decides({ environment });
  assert.notEqual(whole, nothing);
  for (const name of ['later/cl.exe', 'later/link.exe']) add(name);
  assert.equal(decides({ environment }), whole);
  add('whole/cl.exe', 'a new version');
  assert.notEqual(decides({ environment }), whole);
});

test('PATH does not matter if the line or a developer prompt names the Visual Studio', (context) => {
  const { folder, add, decides } = machine(context);
  for (const name of ['bin/cl.exe', 'bin/link.exe']) add(name);
  const PATH = join(folder, 'bin');
  for (const told of [
    { environment: { PATH, VCToolsInstallDir: 'x' } },
    { environment: { PATH, VCINSTALLDIR: 'x' } },
    { environment: { PATH }, toolFolders: [{ kind: 'vctoolsdir', path: 'vc' }] as const },
    { environment: { PATH }, toolFolders: [{ kind: 'winsysroot', path: 'root' }] as const },
  ]) {
    assert.equal(decides(told), decides({ ...told, environment: { ...told.environment, PATH: '' } }));
  }
  const sdk = { toolFolders: [{ kind: 'winsdkdir', path: 'sdk' }] as const };
  assert.notEqual(decides({ ...sdk, environment: { PATH } }), decides(sdk));
});

test('a version that appears in a folder of the line decides', (context) => {
  const { add, decides } = machine(context);
  for (const [kind, version] of [
    ['winsysroot', 'tools/VC/Tools/MSVC/14.40/x'],
    ['winsysroot', 'tools/Windows Kits/10/Include/10.0.1.0/x'],
    ['winsdkdir', 'tools/Include/10.0.1.0/x'],
  ] as const) {
    const search = { toolFolders: [{ kind, path: 'tools' }] };
    const before = decides(search);
    add(version);
    assert.notEqual(decides(search), before, version);
  }
});

test('the installed Visual Studio decides if nothing names one', (context) => {
  const { folder, add, decides } = machine(context);
  const environment = { ProgramData: join(folder, 'data'), 'ProgramFiles(x86)': join(folder, 'programs') };
  const answers = [decides({ environment })];
  for (const [name, text] of [
    ['data/Microsoft/VisualStudio/Packages/_Instances/1a2b/state.json', '17.1'],
    ['data/Microsoft/VisualStudio/Packages/_Instances/1a2b/state.json', '17.10'],
    ['data/Microsoft/VisualStudio/Packages/_Instances/3c4d/state.json', '18.0'],
    ['programs/Windows Kits/10/Include/10.0.1.0/um/x.h', ''],
    ['programs/Windows Kits/10/Include/10.0.2.0/um/x.h', ''],
  ] as const) {
    add(name, text);
    answers.push(decides({ environment }));
  }
  assert.equal(new Set(answers).size, answers.length);
  const told = { ...environment, VCToolsInstallDir: 'x' };
  assert.equal(decides({ environment: told }), decides({ environment: { VCToolsInstallDir: 'x' } }));
});

test('a compiler of Visual Studio that is patched in its folder counts by its bytes and not by its time', (context) => {
  const { folder, add, decides } = machine(context);
  const tools = 'vs/VC/Tools/MSVC/14.51.36231';
  const program = `${tools}/bin/Hostx64/x64/cl.exe`;
  add('vs/VC/Auxiliary/Build/Microsoft.VCToolsVersion.default.txt', '14.51.36231\r\n');
  add(
    'data/Microsoft/VisualStudio/Packages/_Instances/1a2b/state.json',
    JSON.stringify({ installationPath: join(folder, 'vs'), installationVersion: '18.1', seed: 'x' }),
  );
  add('bin/link.exe');
  const ways: readonly Partial<ToolSearch>[] = [
    { environment: { VCToolsInstallDir: join(folder, tools) } },
    { environment: { ProgramData: join(folder, 'data') } },
    { toolFolders: [{ kind: 'vctoolsdir', path: tools }] },
    { toolFolders: [{ kind: 'winsysroot', path: 'vs' }] },
    { environment: { PATH: join(folder, 'bin') } },
  ];
  const answers = (text: string, seconds: number) => {
    for (const name of [program, 'bin/cl.exe']) {
      add(name, text);
      utimesSync(join(folder, name), seconds, seconds);
    }
    return ways.map(decides);
  };
  const before = answers('19.51.36256', 1e9);
  assert.deepEqual(answers('19.51.36256', 2e9), before, 'a new time is no new version');
  for (const [index, answer] of answers('19.51.36257', 1e9).entries()) {
    assert.notEqual(answer, before[index], JSON.stringify(ways[index]));
  }
});
