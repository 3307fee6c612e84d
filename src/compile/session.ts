import { baseSpellings, type TreeRoots, toPortableSpelling } from '../cache/base-directory.ts';
import type { KeyMaterial } from '../cache/key.ts';
import { bindingOfTree } from '../cache/tree-binding.ts';
import type { CompileCall, CompileJob, EnvironmentPart } from '../commandline/compile-call.ts';
import type { CompilerAtHand } from '../compiler/at-hand.ts';
import type { Config } from '../config/config.ts';
import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { HashClient } from '../hash/client.ts';
import type { Digest } from '../hash/digest.ts';
import type { FileHasher } from '../hash/file-hasher.ts';
import type { SizeAccounts, Store } from '../storage/store.ts';
import { realPath } from '../util/file-stat.ts';
import { absoluteFile } from '../util/paths.ts';
import type { KnownHeaders } from './known-headers.ts';
import type { View } from './view.ts';

/** What all jobs of one call share. */
export interface Session {
  readonly config: Config;
  readonly trace: Trace;
  readonly profile: Profile;
  /** Prints a line of clcache's own for the user. The compiler's output goes through outcomes. */
  readonly warn: (line: string) => void;
  readonly compiler: CompilerAtHand;
  readonly call: CompileCall;
  readonly environmentParts: readonly EnvironmentPart[];
  readonly view: View;
  readonly roots: TreeRoots;
  readonly hasher: FileHasher;
  /** Set if the hash server is to be asked. */
  readonly hashServer?: HashClient;
  readonly headers: KnownHeaders;
  readonly store: Store;
  readonly accounts: SizeAccounts;
}

export function rootsOf(config: Pick<Config, 'style' | 'workingDirectory' | 'baseDirectories'>): TreeRoots {
  const { style, workingDirectory, baseDirectories } = config;
  return { style, workingDirectory, baseDirectories };
}

/** The digest of the tree, made once in a call. */
export function treeBinding(session: Session): Digest {
  let binding = BINDINGS.get(session.roots);
  if (binding === undefined) {
    binding = bindingOfTree(session.roots, baseSpellings(session.roots, pathsOfLine(session)));
    BINDINGS.set(session.roots, binding);
  }
  return binding;
}
const BINDINGS = new WeakMap<TreeRoots, Digest>();

/** Every path that the compiler may repeat as it is spelled. */
function pathsOfLine({ call, environmentParts }: Session): string[] {
  return [
    ...call.jobs.map(({ source }) => source),
    ...call.jobs.flatMap(({ keyParts }) => keyParts.flatMap(({ path }) => path ?? [])),
    ...call.forcedIncludes,
    ...environmentParts.flatMap(({ value, isFolderList }) => (isFolderList ? value.split(';') : [])),
  ];
}

/** A path of the command line or of the compiler's output as an absolute one. */
export function absolute(session: Session, path: string): string {
  return absoluteFile(session.config.style, session.config.workingDirectory, path);
}

/** What the key of a job is made from, except the contents of its source. */
export function keyMaterial(session: Session, job: CompileJob): KeyMaterial {
  return {
    roots: session.roots,
    compilerIdentity: session.compiler.identity,
    language: job.language,
    source: job.source,
    options: job.keyParts,
    showIncludes: session.call.showIncludes,
    environment: [...session.environmentParts, ...placeParts(session, job)],
    recordsCommandLine: session.call.debugInfo,
    inputFiles: session.call.inputFiles.map((path) => ({
      path,
      digest: session.hasher.digest(absolute(session, path)) ?? '',
    })),
  };
}

/**
 * Places that no argument names but outputs show. With debug information, the folders of the compiler's own headers and
 * passes. If a base directory is a link, the target that messages with absolute paths show.
 */
function placeParts({ roots, call, compiler }: Session, job: CompileJob): EnvironmentPart[] {
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
