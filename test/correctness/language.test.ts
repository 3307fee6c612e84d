import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';
import { scriptedProject, settle } from './helpers.ts';

/** What each language of cl writes before the path of a header, from Bazel's ShowIncludesFilter. */
const LANGUAGES: readonly (readonly [language: string, prefix: string, indent: string])[] = [
  ['Chinese (Taiwan)', '注意: 包含檔案:', ' '],
  ['Czech', 'Poznámka: Včetně souboru:', ' '],
  ['German', 'Hinweis: Einlesen der Datei:', ' '],
  ['English', 'Note: including file:', ' '],
  ['French', 'Remarque\u00a0: inclusion du fichier\u00a0:', '  '],
  ['Italian', 'Nota: file incluso', '  '],
  ['Japanese', 'メモ: インクルード ファイル:', '  '],
  ['Korean', '참고: 포함 파일:', ' '],
  ['Polish', 'Uwaga: w tym pliku:', '  '],
  ['Portuguese', 'Observação: incluindo arquivo:', ' '],
  ['Russian', 'Примечание: включение файла:', '  '],
  ['Turkish', 'Not: eklenen dosya:', '  '],
  ['Chinese', '注意: 包含文件:', '  '],
  ['Spanish', 'Nota: inclusión del archivo:', ' '],
  ['a language nobody knows', 'Ghobe: teywI’ chel:', '  '],
];

/** Languages whose notes differ from the others in more than words. Only these are compared where they are asked for. */
const ODD_NOTES = ['English', 'French', 'Italian', 'Japanese', 'a language nobody knows'];

for (const [language, SCRIPTED_PREFIX, SCRIPTED_INDENT] of LANGUAGES) {
  test(`a changed header is a miss, and no note is shown, when cl prints ${language}`, (t) => {
    const project = scriptedProject(t, { SCRIPTED_PREFIX, SCRIPTED_INDENT });
    project.write('a.c', '#include "x.h"\n');
    project.write('inc/x.h', 'int x;\n');
    const args = ['/c', '/Iinc', 'a.c'];
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write('inc/x.h', 'int y;\n');
    settle();
    assert.equal(project.served(args), 'miss');
    if (!ODD_NOTES.includes(language)) return;
    assert.equal(project.sameAsBare([...args, '/showIncludes'], ['a.obj']), 'miss');
    assert.equal(project.sameAsBare([...args, '/showIncludes'], ['a.obj']), 'hit');
  });
}

test('another VSLANG makes clcache learn the notes again', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', '#include "x.h"\n');
  project.write('x.h', 'int x;\n');
  settle();
  for (const expected of ['miss', 'hit']) {
    for (const VSLANG of ['1033', '1031']) {
      const env = { VSLANG };
      assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], { env }), expected);
      assert.equal(project.sameAsBare(['/c', '/showIncludes', 'a.c'], ['a.obj'], { env }), expected);
    }
  }
});

test('the notes are learnt once for a compiler and a language, and stored in the cache', (t) => {
  const project = scriptedProject(t);
  const beside = (name: string) => join(dirname(project.compiler), name);
  const probes = () => readFileSync(beside('log'), 'utf8').split('clcache_probe.c').length - 1;
  for (const name of ['a.c', 'b.c']) project.write(name, '#include "x.h"\n');
  project.write('x.h', 'int x;\n');
  settle();
  for (const name of ['a.c', 'b.c']) assert.equal(project.served(['/c', name]), 'miss');
  assert.equal(probes(), 1);
  for (const name of ['a.c', 'b.c']) project.served(['/c', name], { env: { VSLANG: '1031' } });
  assert.equal(probes(), 2);
  writeFileSync(beside('c1.dll'), 'c1.dll 2');
  for (const name of ['a.c', 'b.c']) assert.equal(project.served(['/c', name]), 'miss');
  assert.equal(probes(), 3);
});

test('a warning that looks like an include note stays a warning', (t) => {
  const says = 'Warnung: das sieht aus: ./x.h';
  const project = scriptedProject(t, { SCRIPTED_SAYS: says });
  project.write('a.c', '#include "x.h"\n');
  project.write('x.h', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
  assert.match(project.cached(['/c', 'a.c']).stdout, /Warnung/);
});

test('a source with #include lines for which no header is reported is not stored', (t) => {
  const project = scriptedProject(t, { SCRIPTED_SILENT: '1' });
  project.write('a.c', '#include "x.h"\n');
  project.write('x.h', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'miss');
});

test('a note that names no file is not taken for a header, and the result is not stored', (t) => {
  const project = scriptedProject(t, { SCRIPTED_SAYS: 'Note: including file: C:\\gone.h' });
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('the banner and the name of the source that cl prints are printed on a hit', (t) => {
  const project = new ModelProject(t, {}, ['/Brepro']);
  project.write('dir/a.c', 'int x;\n');
  settle();
  const args = ['/c', 'dir/a.c'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  assert.equal(project.cached(args).stdout, 'a.c\r\n');
});
