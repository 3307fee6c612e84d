import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { classify } from '../../../src/commandline/meaning/classify.ts';
import { CLANG_CL_OPTIONS } from '../../../src/commandline/options/clang-cl.ts';
import { findOptions } from '../../../src/commandline/options/lookup.ts';
import { SHARED_OPTIONS } from '../../../src/commandline/options/shared.ts';
import { namesOfGroup } from '../../../src/commandline/options/table.ts';
import { CLANG_CL } from '../../commandline/hosts.ts';
import { clangClWorkspace, findClangCl } from './real-clang-cl.ts';

const { path, version } = findClangCl();
const TABLE = [...SHARED_OPTIONS, ...CLANG_CL_OPTIONS];
const BATCH = 300;
const IGNORED = /unknown argument ignored in clang-cl:? '([^']+)'/g;
/**
 * These make the answer unreadable: another driver, words broken over lines, no output, or a value of all other words.
 */
const CHANGES_THE_ANSWER = /^-(?:-driver-mode=|fmessage-length=)|^[-/](?:link|w|W0)$/;
const HOST = { ...CLANG_CL, clangVersion: version };

/** Every option that this clang-cl lists: in its help, and in the lists that it offers to a shell. */
let names: readonly string[] = [];
/** Options that it ignores with a warning. */
let ignored: ReadonlySet<string> = new Set();

before(() => {
  const lists = ['-', '/'].map((prefix) => say(['--driver-mode=gcc', `--autocomplete=${prefix}`]).stdout);
  const completed = lists.flatMap((list) => list.split('\n').map((line) => line.replace(/[\t ].*/, '')));
  const help = Array.from(say(['/?']).stdout.matchAll(/^ {2}([-/][^\s<[]+)/gm), ([, name = '']) => name);
  names = [...new Set([...completed, ...help])].filter((name) => /^[-/]./.test(name));
  const spelled = names.map(withValue).filter((word) => !CHANGES_THE_ANSWER.test(word));
  const told = new Set<string>();
  for (let at = 0; at < spelled.length; at += BATCH) {
    // An option that takes the next word for its value gets the neutral one.
    const words = spelled.slice(at, at + BATCH).flatMap((word) => [word, '/nologo']);
    for (const [, word = ''] of say(['-###', '/c', ...words]).stderr.matchAll(IGNORED)) told.add(word);
  }
  ignored = new Set(spelled.filter((word) => told.has(word)));
});

test('clang-cl lists its options', () => {
  assert.ok(names.length > 1000, String(names.length));
  assert.ok(names.includes('/O2') || names.includes('/O<flags>') || names.includes('/Ob0'));
  assert.ok(ignored.size > 100 && ignored.size < names.length);
});

test('every option that clang-cl lists has a row, with a reason if it is refused, or is ignored', () => {
  const unknown = names.map(withValue).filter((word) => !ignored.has(word) && !findOptions(HOST, word));
  // The help lists options of other drivers as well.
  const missing = unknown.filter((word) => !say(['-###', '/c', word]).stderr.includes('no such file'));
  assert.deepEqual(missing, []);
});

test('an option that clang-cl ignores with a warning never keeps a call from being cached', () => {
  for (const word of ignored) {
    const asked = classify(['/c', word, 'a.c'], HOST, 1);
    if (asked.kind === 'cacheable') continue;
    assert.deepEqual(asked.doubtfulWords, [word]);
    const told = classify(['/c', word, 'a.c'], { ...HOST, ignoredWords: ignored }, 1);
    assert.equal(told.kind, 'cacheable', word);
  }
});

test('clang-cl accepts options of no effect without a warning', () => {
  const names = TABLE.filter(
    ({ effect, sinceClang = 0 }) => effect.kind === 'ignore' && sinceClang <= version,
  );
  for (const name of names.flatMap(namesOfGroup)) {
    const word = `-${withValue(name)}`;
    const { stderr } = say(['-###', '/c', word, '--', 'a.c']);
    assert.ok(ignored.has(word) || !stderr.includes(`'${word}`), `${word}: ${stderr}`);
  }
});

test('options that count only by their text write no further file', (t) => {
  const workspace = clangClWorkspace();
  t.after(() => workspace.remove());
  const flags = TABLE.filter(
    ({ form, effect, sinceClang = 0 }) =>
      effect.kind === 'hash' && (form === 'flag' || form === 'toggle') && sinceClang <= version,
  ).flatMap(namesOfGroup);
  const compiled: string[] = [];
  /** Flags that exclude each other are tried separately. */
  const compile = (words: readonly string[]) => {
    const { status, written } = workspace.run(['/c', 'src/a.c', ...words]);
    if (status === 0) {
      assert.deepEqual(written, [`${workspace.root}/a.obj`], words.join(' '));
      compiled.push(...words);
    } else if (words.length > 1) {
      compile(words.slice(0, words.length >> 1));
      compile(words.slice(words.length >> 1));
    }
  };
  const known = flags.map((name) => `-${name}`).filter((word) => !ignored.has(word));
  for (let at = 0; at < known.length; at += 32) compile(known.slice(at, at + 32));
  assert.ok(compiled.length > 300, String(compiled.length));
});

/** The text after such a name belongs to it. */
function withValue(name: string): string {
  return /[=:]$/.test(name) ? `${name}1` : name;
}

function say(args: readonly string[]): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { stdout, stderr };
}
