import { toPortableSpelling } from '../cache/base-directory.ts';
import type { KeyMaterial } from '../cache/key.ts';
import type { CompileCall, CompileJob, EnvironmentPart } from '../commandline/compile-call.ts';
import type { CompilerAtHand } from '../compiler/at-hand.ts';
import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { Store } from '../storage/store.ts';
import { realPath } from '../util/file-stat.ts';
import type { KnownFiles } from './known-files.ts';
import type { Tree } from './tree.ts';
import type { View } from './view.ts';

/** What all jobs of one call share. */
export interface Session {
  readonly trace: Trace;
  readonly profile: Profile;
  /** Prints a line of clcache's own for the user. The compiler's output goes through outcomes. */
  readonly warn: (line: string) => void;
  readonly compiler: CompilerAtHand;
  readonly call: CompileCall;
  readonly environmentParts: readonly EnvironmentPart[];
  /** False in preprocessor mode. */
  readonly isDirect: boolean;
  readonly view: View;
  readonly tree: Tree;
  readonly files: KnownFiles;
  readonly store: Store;
}

/** What the key of a job is made from, except the contents of its source. */
export function keyMaterial(session: Session, job: CompileJob): KeyMaterial {
  return {
    roots: session.tree.roots,
    compilerIdentity: session.compiler.identity,
    language: job.language,
    source: job.source,
    options: job.keyParts,
    showIncludes: session.call.showIncludes,
    environment: [...session.environmentParts, ...placeParts(session, job)],
    recordsCommandLine: session.call.debugInfo,
    inputFiles: session.call.inputFiles.map((path) => ({
      path,
      digest: session.files.hasher.digest(session.tree.absolute(path)) ?? '',
    })),
  };
}

/**
 * Places that no argument names but outputs show. With debug information, the folders of the compiler's own headers and
 * passes. If a base directory is a link, the target that messages with absolute paths show.
 */
function placeParts({ tree, call, compiler }: Session, job: CompileJob): EnvironmentPart[] {
  const { roots } = tree;
  const part = (name: string, path: string) => ({
    name,
    value: toPortableSpelling(roots, path),
    isFolderList: false,
  });
  const [driver] = compiler.record.files;
  const tools = call.debugInfo && driver ? [part('compiler', driver.path)] : [];
  if (!job.keyParts.some(({ text }) => ABSOLUTE_NAMES.test(text))) return tools;
  const links = roots.baseDirectories.filter((base) => realPath(base) !== base);
  return [...tools, ...links.map((base) => part('base folder', realPath(base)))];
}
const ABSOLUTE_NAMES = /^[-/]FC$|-fdiagnostics-absolute-paths$/;
