/** What the archive of a system holds. */
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { EXECUTABLES, SERVER_NAMES } from '../build-exe.ts';
import type { System } from '../executable.ts';
import { Failure, filesBelow, ROOT } from '../project.ts';
import type { Member } from './zip.ts';

/** Pages for users. The notices of other packages lie beside the executable. */
const PAGES = ['README.md', 'CHANGELOG.md'];

/** The executable's other names: the hash server, and the compilers in a folder that can come first on PATH. */
const OTHER_NAMES = [...SERVER_NAMES, 'bin/cl', 'bin/clang-cl'];

/**
 * The script that gives the executable its other names when the archive is unpacked. A zip knows no hard links: each name
 * would be one more copy of the largest file.
 */
export const NAMES_SCRIPT: Readonly<Record<System, string>> = {
  linux: 'other-names.sh',
  windows: 'other-names.cmd',
};

/** The members of a system's archive, in `folder`. What is in dist/exe must be up to date. Throws a `Failure` if it is not there. */
export function membersOf(system: System, folder: string): Member[] {
  const built = dirname(EXECUTABLES[system]);
  if (!existsSync(EXECUTABLES[system])) throw new Failure(`${EXECUTABLES[system]} is missing`);
  const end = extname(EXECUTABLES[system]);
  const links = SERVER_NAMES.map((server) => `${server}${end}`);
  const below = filesBelow(built.slice(ROOT.length)).map((file) => join(ROOT, file));
  const beside = below.map((from) => ({ name: from.slice(built.length + 1).replaceAll('\\', '/'), from }));
  const pages = PAGES.map((name) => ({ name, from: join(ROOT, name) }));
  const script = { name: NAMES_SCRIPT[system], from: Buffer.from(SCRIPTS[system](OTHER_NAMES)) };
  return [...beside.filter(({ name }) => !links.includes(name)), ...pages, script].map(({ name, from }) => ({
    path: `${folder}/${name}`,
    from,
    isProgram: from === EXECUTABLES[system] || name === script.name,
  }));
}

const PURPOSE = [
  'Gives clcache its other names, each a hard link: the hash server, and in the folder bin the compilers.',
  'Put that folder first on PATH where a build system calls the compiler by its name.',
];

const SCRIPTS: Readonly<Record<System, (names: readonly string[]) => string>> = {
  linux: (names) =>
    lines('\n', [
      '#!/bin/sh',
      ...PURPOSE.map((line) => `# ${line}`),
      'set -e',
      'cd "$(dirname "$0")"',
      ...names.map((name) => `./clcache --link-as ${name}`),
    ]),
  windows: (names) =>
    lines('\r\n', [
      '@echo off',
      ...PURPOSE.map((line) => `rem ${line}`),
      // Wine's command processor knows no `||` behind a program.
      ...names.flatMap((name) => [
        `"%~dp0clcache.exe" --link-as "%~dp0${name}.exe"`,
        'if errorlevel 1 exit /b 1',
      ]),
    ]),
};

const lines = (end: string, all: readonly string[]) => all.map((line) => `${line}${end}`).join('');
