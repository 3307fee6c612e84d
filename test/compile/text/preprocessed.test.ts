import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { inspectSources } from '../../../src/compile/miss/inspect-sources.ts';
import { settleDoubts } from '../../../src/compile/miss/settle-doubts.ts';
import {
  artifactKeysOf,
  type PreprocessedText,
  pathWordsOfText,
  preprocess,
} from '../../../src/compile/text/preprocessed.ts';
import { FileClock, startNow } from '../../../src/files/file-clock.ts';
import { jobOf, type MemoryOptions, MemoryProject } from '../memory-session.ts';

type Files = Readonly<Record<string, string>>;

const FILES: Files = { 'a.c': '#include "a.h"\nint a;\n', 'a.h': 'int h;\n' };

function projectOf(context: TestContext, files: Files = FILES, options: MemoryOptions = {}): MemoryProject {
  const project = new MemoryProject(context, { isBase: true, ...options });
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  return project;
}

async function textOf(project: MemoryProject, line = '/c a.c'): Promise<PreprocessedText> {
  const session = project.session(line);
  const result = await preprocess(session, jobOf(session));
  assert.ok(result.kind === 'preprocessed');
  return result.text;
}

async function keyOf(project: MemoryProject, line?: string): Promise<string> {
  return (await textOf(project, line)).key;
}

test('equal texts of equal files have equal keys, in two trees as well', async (context) => {
  const key = await keyOf(projectOf(context));
  assert.equal(await keyOf(projectOf(context)), key);
});

test('what changes the text, a file behind it, the options or the compiler changes the key', async (context) => {
  const key = await keyOf(projectOf(context));
  const project = projectOf(context);
  assert.notEqual(await keyOf(project, '/c /O2 a.c'), key);
  assert.notEqual(await keyOf(project, '/c /DX a.c'), key, 'messages repeat macros');
  assert.notEqual(await keyOf(projectOf(context, { ...FILES, 'a.h': 'int other;\n' })), key);
  assert.notEqual(await keyOf(projectOf(context, FILES, { family: 'cl' })), key);
});

test('a comment that the text does not show changes the key by the file that holds it', async (context) => {
  const project = projectOf(context);
  project.compiler.behaviour = async () => ({ stdout: Buffer.from('# 1 "a.c"\n# 1 "a.h"\nint a;\n') });
  const key = await keyOf(project);
  project.write('a.h', 'int h; // comment\n');
  assert.notEqual(await keyOf(project), key);
});

test('clang-cl’s warning about a header of one name in two folders is covered by the key', async (context) => {
  const files = { ...FILES, 'inc/b.h': '' };
  const project = projectOf(context, files);
  const key = await keyOf(project, '/c /Iinc a.c');
  project.write('inc/a.h', '');
  assert.notEqual(await keyOf(project, '/c /Iinc a.c'), key);
});

test('a preprocessor that fails returns its status and output', async (context) => {
  const session = projectOf(context, { 'a.c': '#error\n' }).session('/c a.c');
  const result = await preprocess(session, jobOf(session));
  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.status, Buffer.from(result.stderr).toString()], [1, 'error: #error\n']);
});

test('the preprocessor sees the view that diagnostics are to have', async (context) => {
  const project = projectOf(context);
  const view = { arguments: ['-fcolor-diagnostics'], name: 'colours' };
  const session = project.session('/c a.c', view);
  await preprocess(session, jobOf(session));
  assert.ok(project.compiler.runs.at(-1)?.includes('-fcolor-diagnostics'));
});

test('a text is served by artifacts of this tree or of all trees, without diagnostics or with those of this view', async (context) => {
  const project = projectOf(context);
  const text = await textOf(project);
  const keys = artifactKeysOf(project.session('/c a.c'), text);
  assert.equal(new Set(keys).size, 4);
  const view = { arguments: [], name: 'colours' };
  const inColours = artifactKeysOf(project.session('/c a.c', view), text);
  assert.deepEqual(keys.filter((key) => inColours.includes(key)).length, 2);
  const elsewhere = artifactKeysOf(projectOf(context).session('/c a.c'), text);
  assert.deepEqual(keys.filter((key) => elsewhere.includes(key)).length, 2);
});

test('a path of the tree in the text counts as a path word, except in a line marker', async (context) => {
  const project = projectOf(context);
  const wordsIn = async (text: string) => {
    project.compiler.behaviour = async () => ({
      stdout: Buffer.from(text.replaceAll('TREE', project.folder)),
    });
    return pathWordsOfText(project.session('/c a.c'), await textOf(project));
  };
  assert.deepEqual(await wordsIn('# 1 "TREE/a.c"\nint a;\n'), []);
  assert.deepEqual(await wordsIn('# 1 "a.c"\nchar *a = "TREE/a.c";\n'), ['file']);
});

/** What the preprocessed text decides about a source. */
async function settled(
  context: TestContext,
  source: string,
  text?: string,
  meanwhile?: (project: MemoryProject) => void,
) {
  const project = projectOf(context, { 'a.c': source });
  const session = project.session('/c a.c');
  const output = { includes: [], strayNotes: 0, rest: Buffer.alloc(0) };
  const clock = new FileClock(startNow());
  const sources = inspectSources(session, jobOf(session), { output, clock });
  project.compiler.behaviour = async () => {
    meanwhile?.(project);
    return text === undefined ? undefined : { stdout: Buffer.from(text) };
  };
  const doubts = await settleDoubts(session, jobOf(session), { sources, text: undefined });
  return { doubts, runs: project.compiler.runs.length };
}

test('a source without open questions is not preprocessed', async (context) => {
  assert.deepEqual(await settled(context, 'int a;\n'), {
    doubts: { kind: 'settled', showsTime: false },
    runs: 0,
  });
  const { doubts, runs } = await settled(context, 'char *t = __TIME__;\n');
  assert.deepEqual({ doubts, runs }, { doubts: { kind: 'settled', showsTime: true }, runs: 0 });
});

const PASTED = '#define PASTE(a, b) a##b\nchar *t = PASTE(__TI, ME__);\n';

test('the preprocessed text shows whether pasted words form a time macro', async (context) => {
  const yes = await settled(context, PASTED, 'char *t = "12:00:00";\n');
  assert.deepEqual(yes, { doubts: { kind: 'settled', showsTime: true }, runs: 1 });
  const no = await settled(context, PASTED, 'char *t = x;\n');
  assert.deepEqual(no, { doubts: { kind: 'settled', showsTime: false }, runs: 1 });
});

test('assembler text that reads a file is found in the preprocessed text, and the result is not stored', async (context) => {
  const source = '__asm__(".incbin \\"x\\"");\n';
  assert.equal((await settled(context, source, source)).doubts.kind, 'unsupported');
  assert.equal((await settled(context, source, 'int a;\n')).doubts.kind, 'settled');
});

test('a text that may differ from the compiled one decides nothing', async (context) => {
  const change = (project: MemoryProject) => writeFileSync(project.path('a.c'), 'int other;\n');
  const { doubts } = await settled(context, PASTED, 'char *t = x;\n', change);
  assert.equal(doubts.kind, 'unsupported');
});
