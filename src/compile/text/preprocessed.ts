import { toPortablePath } from '../../cache/base-directory.ts';
import { artifactKey, type KeyMaterial, preprocessedKeyParts } from '../../cache/key.ts';
import { cutTree } from '../../cache/tree-text.ts';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { factsOf } from '../../commandline/family.ts';
import { preprocessorArguments } from '../../commandline/meaning/preprocess.ts';
import type { CompilerResult } from '../../compiler/run/run.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { filesOfLineMarkers, withoutLineMarkers } from '../../source/line-markers.ts';
import { scanSource } from '../../source/scan.ts';
import type { PathWord } from '../../source/words.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { pathRules } from '../../util/paths.ts';
import { keyMaterial } from '../hit/key-material.ts';
import { beginCompile, type CompileBeginning } from '../miss/begin-compile.ts';
import { inspectHeader } from '../miss/inspect-sources.ts';
import { scanOptions } from '../miss/scan-options.ts';
import type { Session } from '../session.ts';
import { withView } from '../view.ts';

/**
 * The preprocessed text of a job and the key made from it: from the text with its line markers, and from the contents
 * of every file that they name. Two compiles with equal keys are equal. A key without places and comments would hit
 * more often, but sometimes wrongly: compilers name lambdas and unnamed types by their place.
 */
export interface PreprocessedText {
  readonly key: Digest;
  readonly output: Buffer;
  /** The state before the preprocessor read its files. What changes later is not what it read. */
  readonly beginning: CompileBeginning;
}

export type PreprocessResult =
  | { readonly kind: 'preprocessed'; readonly text: PreprocessedText }
  | { readonly kind: 'failed'; readonly status: number; readonly stderr: Uint8Array };

/** Runs the compiler's preprocessor on a job. */
export async function preprocess(
  session: Omit<Session, 'store' | 'log'>,
  job: CompileJob,
): Promise<PreprocessResult> {
  const beginning = beginCompile(session, job);
  const result = await runPreprocessor(session, job);
  if (result.status !== 0) return { kind: 'failed', status: result.status, stderr: result.stderr };
  const output = result.stdout;
  const compilerIdentity = await session.compiler.identity.get();
  const key = keyOfText(session, { ...keyMaterial(session, job), compilerIdentity }, output);
  return { kind: 'preprocessed', text: { key, output, beginning } };
}

/** Makes the compiler print the preprocessed text of a job, with line markers. */
export function runPreprocessor(
  { compiler, request }: Pick<Session, 'compiler' | 'request'>,
  job: CompileJob,
): Promise<CompilerResult> {
  return compiler.run(withView(request.view, job, preprocessorArguments(job, 'E')));
}

function keyOfText(session: Omit<Session, 'store' | 'log'>, material: KeyMaterial, output: Buffer): Digest {
  const cut = cutTree(session.tree.roots, output);
  const places = cut.splices.map(({ at, base }) => `${at}?${base}`).join(' ');
  const files = filesOfLineMarkers(output);
  const contents = files.map((file) => session.files.memory.digest(session.tree.absolute(file)) ?? '');
  const found = factsOf(session.compiler.record).warnsOfMicrosoftSearch ? foundInFolders(session, files) : [];
  const text = Buffer.from(cut.bytes).toString('latin1');
  // Diagnostics repeat macros and folders of the command line.
  const parts = ['exact', text, places, ...contents, ...found];
  const digest = digestOfParts(parts);
  return digestOfParts(preprocessedKeyParts({ ...material, recordsCommandLine: true }, digest));
}

/** Words that put a path of the machine into the object, although no file spells them out. */
export function pathWordsOfText(
  { tree, compiler }: Pick<Session, 'tree' | 'compiler'>,
  { output }: PreprocessedText,
): readonly PathWord[] {
  const { pathWords } = scanSource(output, scanOptions({ compiler }));
  const holdsPath = cutTree(tree.roots, withoutLineMarkers(output)).splices.length > 0;
  return holdsPath ? ['file', ...pathWords] : pathWords;
}

/**
 * Whether headers exist under the quoted names in all including folders. A compiler that
 * warns of what Microsoft's rules find there depends on it, and the text does not show that.
 */
function foundInFolders(session: Omit<Session, 'store' | 'log'>, files: readonly string[]): string[] {
  const { tree, files: known } = session;
  const { call } = session.request;
  const path = pathRules(tree.roots.style);
  const names = new Set(files.flatMap((file) => quotedNames(session.tree.absolute(file), session)));
  const named = [
    ...files.map((file) => path.dirname(file)),
    ...call.searchDirectories.map((one) => one.path),
  ];
  const folders = new Set(named.map((folder) => session.tree.absolute(folder)));
  return [...names].sort().map((name) => {
    const places = [...folders].filter((folder) =>
      known.memory.exists(session.tree.absolute(path.join(folder, name))),
    );
    return [name, ...places.map((place) => toPortablePath(tree.roots, place))].join('\n');
  });
}

/** The quoted names that a file includes. A line marker may name something that is not a file. */
function quotedNames(file: string, session: Pick<Session, 'compiler' | 'files'>): string[] {
  const stat = statIfThere(file);
  if (!stat?.isFile()) return [];
  const { scan } = inspectHeader(session, { path: file, stat });
  return scan.includes.filter(({ form }) => form === 'quote').map(({ name }) => name);
}

/**
 * The artifacts that can serve a text: bound to this tree or to none, without diagnostics or with those of this
 * terminal.
 */
export function artifactKeysOf(
  session: Pick<Session, 'request' | 'tree'>,
  { key }: PreprocessedText,
): Digest[] {
  const bindings = [undefined, session.tree.binding()];
  const views = [{}, { view: session.request.view.name }];
  return views.flatMap((view) => bindings.map((binding) => artifactKey(key, [], { binding, ...view })));
}
