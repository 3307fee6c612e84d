import { toPortablePath } from '../cache/base-directory.ts';
import { artifactKey, type KeyMaterial, preprocessedKeyParts } from '../cache/key.ts';
import { cutTree } from '../cache/tree-text.ts';
import type { CompileJob } from '../commandline/compile-call.ts';
import { LANGUAGES } from '../commandline/languages.ts';
import { preprocessorArguments } from '../commandline/preprocess.ts';
import { type PathWord, pathWordsIn } from '../compiler/path-words.ts';
import type { CompilerResult } from '../compiler/run.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { decodeName } from '../util/byte-name.ts';
import { readFileIfThere } from '../util/file-stat.ts';
import { pathRules } from '../util/paths.ts';
import { beginCompile, type CompileBeginning } from './begin-compile.ts';
import { absolute, keyMaterial, type Session, treeBinding } from './session.ts';
import { withView } from './view.ts';

/**
 * The preprocessed text of a job and the keys made from it. The exact key holds the text with its line markers and the
 * contents of every file they name: two compiles with equal exact keys are equal in all. The loose key forgets where
 * the lines stood, and with them every comment; it serves only compiles whose output cannot tell.
 */
export interface PreprocessedText {
  readonly exactKey: Digest;
  /** Undefined where line numbers can get into the object. */
  readonly looseKey: Digest | undefined;
  /** From before the preprocessor read its files: what changes later is not what it read. */
  readonly beginning: CompileBeginning;
  /** By which a path of the machine gets into the object unseen, though no file may spell these words out. */
  readonly pathWords: () => readonly PathWord[];
}

export type PreprocessResult =
  | { readonly kind: 'preprocessed'; readonly text: PreprocessedText }
  | { readonly kind: 'failed'; readonly status: number; readonly stderr: Uint8Array };

const LINE_MARKER = /^[ \t]*#[ \t]*(?:line[ \t]+)?\d+[ \t]+"((?:[^"\\\n]|\\.)*)"[^\n]*\n?/gm;

/** Options by which places in the source get into the object without debug information. */
const PLACE_SENSITIVE_OPTION = /sanitize|coverage|profil|instrument|xray|RTC|analyze/i;
/** Built-ins that are evaluated after preprocessing. */
const PLACE_SENSITIVE_TEXT = /__builtin_(?:LINE|COLUMN|FILE|FUNCTION|source_location)|source_location/;

/** Where empty lines, and lines that look like markers, are data. */
const RAW_STRING = /R"[^\s()\\]{0,16}\(/;

/** Runs the compiler's preprocessor on a job. */
export async function preprocess(session: Session, job: CompileJob): Promise<PreprocessResult> {
  const beginning = beginCompile(session, job);
  const result = await runPreprocessor(session, job);
  if (result.status !== 0) return { kind: 'failed', status: result.status, stderr: result.stderr };
  return { kind: 'preprocessed', text: { ...keysOfText(session, job, result.stdout), beginning } };
}

/** Has the compiler print the preprocessed text of a job, with line markers. */
export async function runPreprocessor(session: Session, job: CompileJob): Promise<CompilerResult> {
  const { runCompiler } = await import('../compiler/run.ts');
  return runCompiler({
    compiler: session.compiler,
    arguments: withView(session.view, job, preprocessorArguments(job, 'E')),
    workingDirectory: session.config.workingDirectory,
    environment: session.compilerEnvironment,
  });
}

function keysOfText(session: Session, job: CompileJob, output: Buffer): Omit<PreprocessedText, 'beginning'> {
  const cut = cutTree(session.roots, output);
  const text = Buffer.from(cut.bytes).toString('latin1');
  const places = cut.splices.map(({ at, base }) => `${at}?${base}`).join(' ');
  const markers = output.toString('latin1').matchAll(LINE_MARKER);
  const files = Array.from(new Set(Array.from(markers, ([, name = '']) => name)), unescapePath);
  const contents = files.map((file) => session.hasher.digest(absolute(session, file)) ?? '');
  const material = keyMaterial(session, job);
  const keyOf = (of: KeyMaterial, parts: readonly string[]) =>
    digestOfParts(preprocessedKeyParts(of, digestOfParts(parts)));
  // A compiler that says nothing about these macros may have something to say about others.
  const macros = job.keyParts.filter(({ preprocessorOnly, path }) => preprocessorOnly && path === undefined);
  const { directives, isCertain } = directivesOf(session, files);
  const found = session.record.family === 'clang-cl' ? foundInFolders(session, files, directives) : [];
  // Diagnostics repeat macros and folders of the command line.
  const exactKey = keyOf({ ...material, recordsCommandLine: true }, [
    'exact',
    text,
    places,
    ...contents,
    ...found,
  ]);
  const pathWords = () => pathWordsOf(session, output);
  if (!isCertain || isPlaceSensitive(session, job, text)) return { exactKey, looseKey: undefined, pathWords };
  const parts = [withoutPlaces(text), ...macros.map((macro) => macro.text), ...directives, ...found];
  return { exactKey, looseKey: keyOf(material, ['loose', ...parts]), pathWords };
}

function pathWordsOf({ roots }: Session, output: Buffer): PathWord[] {
  const code = output.toString('latin1').replace(LINE_MARKER, '');
  const words = pathWordsIn(code);
  const holdsPath = cutTree(roots, Buffer.from(code, 'latin1')).splices.length > 0;
  return holdsPath ? ['file', ...words] : words;
}

/**
 * Where there are headers of the names that stand in quotes: clang warns when Microsoft's rules, by which the folders
 * of all including files are searched, lead elsewhere than its own would, and the text does not show it.
 */
function foundInFolders(session: Session, files: readonly string[], directives: readonly string[]): string[] {
  const { config, call, hasher, roots } = session;
  const path = pathRules(config.style);
  const names = new Set<string>();
  for (const directive of directives) {
    for (const [, name = ''] of /include/.test(directive) ? directive.matchAll(/"([^"\n]+)"/g) : []) {
      names.add(decodeName(Buffer.from(name, 'latin1')));
    }
  }
  const named = [
    ...files.map((file) => path.dirname(file)),
    ...call.searchDirectories.map((one) => one.path),
  ];
  const folders = new Set(named.map((folder) => absolute(session, folder)));
  return [...names].sort().map((name) => {
    const places = [...folders].filter((folder) => hasher.exists(absolute(session, path.join(folder, name))));
    return [name, ...places.map((place) => toPortablePath(roots, place))].join('\n');
  });
}

/** The text without its line markers and empty lines; what stays of them is where system headers begin and end, as warnings stop there. */
function withoutPlaces(text: string): string {
  let isSystem = false;
  const parts = text.replace(LINE_MARKER, (marker) => {
    const wasSystem = isSystem;
    isSystem = /"(?: \d)* 3(?: \d)*\s*$/.test(marker);
    return isSystem === wasSystem ? '' : `# ${isSystem ? 'system' : 'user'}\n`;
  });
  return parts.replace(/\n(?:[ \t]*\n)+/g, '\n');
}

/**
 * The directives of all files: the preprocessor's warnings come of them (`#warning`, a macro that is defined anew), and
 * the text does not show them.
 */
function directivesOf(session: Session, files: readonly string[]): Directives {
  const directives: string[] = [];
  let isCertain = true;
  for (const file of files) {
    if (/^<.*>$/.test(file)) continue;
    const bytes = readFileIfThere(absolute(session, file));
    const text = bytes?.toString('latin1') ?? '';
    // `#line` may name anything.
    if (!bytes) isCertain = false;
    if (DUBIOUS_COMMENT.test(text)) isCertain = false;
    directives.push(file, ...(text.match(DIRECTIVE) ?? []));
  }
  return { directives, isCertain };
}

interface Directives {
  readonly directives: readonly string[];
  /** False where a comment makes the compiler warn, or a file is not to be read. */
  readonly isCertain: boolean;
}

const DIRECTIVE = /^[ \t]*(?:#|%:|\?\?=)(?:[^\\\n]|\\\r?\n|\\.)*/gm;
/** A comment that seems to begin inside another, or goes on behind the end of its line. */
const DUBIOUS_COMMENT = /\/\*(?:[^*]|\*(?!\/))*?\/\*|\/\/[^\n]*\\\r?\n/;

function isPlaceSensitive(session: Session, job: CompileJob, text: string): boolean {
  return (
    session.call.debugInfo ||
    LANGUAGES[job.language].isAssembled ||
    session.call.showIncludes !== 'no' ||
    job.outputs.length > 1 ||
    job.keyParts.some((part) => PLACE_SENSITIVE_OPTION.test(part.text)) ||
    PLACE_SENSITIVE_TEXT.test(text) ||
    RAW_STRING.test(text)
  );
}

/** A name in a line marker, read as single bytes: clang writes those that are not ASCII as octal numbers. */
function unescapePath(quoted: string): string {
  const bytes = quoted.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal?: string, letter = '') =>
    octal === undefined ? letter : String.fromCharCode(Number.parseInt(octal, 8) & 0xff),
  );
  return decodeName(Buffer.from(bytes, 'latin1'));
}

/** The artifacts that may serve a text: bound to this tree or to none, without diagnostics or with such as are wanted. */
export function artifactKeysOf(session: Session, text: PreprocessedText): Digest[] {
  const keys = text.looseKey === undefined ? [text.exactKey] : [text.exactKey, text.looseKey];
  const bindings = [undefined, treeBinding(session)];
  const quiet = keys.flatMap((key) => bindings.map((binding) => artifactKey(key, [], { binding })));
  const view = session.view.name;
  return [...quiet, ...bindings.map((binding) => artifactKey(text.exactKey, [], { binding, view }))];
}
