import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayBeMistaken } from '../../src/cli/dispatch.ts';
import { explainMistake } from '../../src/cli/mistakes.ts';
import { editDistance } from '../../src/util/nearest-word.ts';

function explained(line: string): string | undefined {
  const argv = line.split(' ');
  return mayBeMistaken(argv) ? explainMistake(argv) : undefined;
}

test('a mistyped own option gets the option that was meant', () => {
  const meant: Readonly<Record<string, string>> = {
    '--stat': '--stats (-s)',
    '--satts': '--stats (-s)',
    '--Stats': '--stats (-s)',
    '-stats': '--stats (-s)',
    '\u2013stats': '--stats (-s)',
    '\u2014s': '--stats (-s)',
    '--set-szie 5G': '--set-size (-M)',
    '--set_size=5G': '--set-size (-M)',
    '--resett': '--reset (-z)',
    '--exprot file': '--export',
    '--mport file': '--import',
    '--c-make': '--cmake',
  };
  for (const [line, option] of Object.entries(meant)) {
    assert.match(
      explained(line) ?? 'nothing',
      new RegExp(`: did you mean ${option.replace(/[()]/g, '\\$&')}\\?$`),
      line,
    );
  }
});

test('an option of another cache gets clcache’s option', () => {
  const meant: Readonly<Record<string, RegExp>> = {
    '--show-stats': /--stats \(-s\)/,
    '--zero-stats': /--reset \(-z\)/,
    '--cleanup': /--clean \(-c\)/,
    '--max-size 5G': /--set-size \(-M\)/,
    '--max-size=5G': /--set-size \(-M\)/,
    '--max-files 100': /limit of bytes/,
    '-F 100': /limit of bytes/,
    '-p': /--config/,
    '--show-config': /--config/,
    '--dir /x -s': /CLCACHE_DIR/,
    '--start-server': /clcache-server/,
  };
  for (const [line, hint] of Object.entries(meant)) assert.match(explained(line) ?? 'nothing', hint, line);
});

test('a value after an own option that takes none is reported', () => {
  assert.equal(explained('--clear=1'), '--clear takes no value; see clcache --help');
  assert.equal(explained('--stats=json'), '--stats takes no value; see clcache --help');
});

test('a word that does not belong to an own option is named', () => {
  assert.match(explained('--stats now') ?? '', /^'now' does not belong to --stats: see clcache --help$/);
  assert.match(explained('--clear --stast a b c') ?? '', /did you mean --stats \(-s\)\?$/);
  assert.equal(
    explained('--json'),
    '--json belongs to --stats or --why or --doctor or --check-remote or --config or --evict-older-than',
  );
  assert.equal(explained('--since 2h'), '--since belongs to --export');
});

test('a line for a compiler is not explained', () => {
  const lines = `-c a.c|-s a.c|--version a.c|--help a.c|-nologo -c a.c|--target=x86_64-linux-gnu -c a.c|-v|-V|-qversion
-version|-help|-?|/?|/help|--help-hidden|--print-search-dirs|-dumpmachine|--statistics|-MD|-Fo|-FC a.c|@args|cl --stat
--driver-mode=cl|--analyze a.c|-E a.c|-|--|-M -c a.c|-###|a.c --stat`;
  for (const line of lines.split(/[|\n]/)) assert.equal(explained(line), undefined, line);
});

test('a letter that is wrong, missing, surplus or misplaced counts as one mistake', () => {
  assert.deepEqual(
    ['stats', 'stat', 'statss', 'stxts', 'satts', 'clear'].map((word) => editDistance(word, 'stats')),
    [0, 1, 1, 1, 1, 5],
  );
});

test('a misspelt option beside a short one is reported, and several short ones behind one dash', () => {
  for (const line of ['-s --jsn', '-s --jsom', '-z --jsno', '-c --jso']) {
    assert.match(
      explained(line) ?? 'nothing',
      /'--\w+' does not belong to --\w+: did you mean --json\?$/,
      line,
    );
  }
  for (const line of ['-sz', '-cC', '-zs', '-hsz']) {
    assert.equal(explained(line), `one option at a time, please: '${line}' are several`);
  }
  for (const line of ['-c --target=x', '-c --analyze', '-c a.c', '-C --sysroot', '-Cx', '-cd', '-s']) {
    assert.equal(explained(line), undefined, line);
  }
});
