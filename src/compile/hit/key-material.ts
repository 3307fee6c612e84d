import { toPortableSpelling } from '../../cache/base-directory.ts';
import type { KeyMaterial } from '../../cache/key.ts';
import type { CompileJob, EnvironmentPart } from '../../commandline/compile-call.ts';
import { realPath } from '../../util/file-stat.ts';
import { pathRules } from '../../util/paths.ts';
import type { Session } from '../session.ts';

/** What the key of a job is made from, except the contents of its source and the compiler. */
export function keyMaterial(
  session: Omit<Session, 'store' | 'log'>,
  job: CompileJob,
): Omit<KeyMaterial, 'compilerIdentity'> {
  return {
    roots: session.tree.roots,
    language: job.language,
    source: job.source,
    options: job.keyParts,
    showIncludes: session.request.call.showIncludes,
    environment: [...session.request.environmentParts, ...placeParts(session, job)],
    recordsCommandLine: session.request.call.debugInfo,
    inputFiles: session.request.call.inputFiles.map((path) => ({
      path,
      digest: session.files.memory.digest(session.tree.absolute(path)) ?? '',
    })),
  };
}

/**
 * Places that no argument names but outputs show. With debug information, the folders of the compiler's own headers and
 * passes. The folder of a precompiled header, which clang writes into it (`ORIGINAL_PCH_DIR`). If a base directory is a
 * link, the target that messages with absolute paths show.
 */
function placeParts(
  { tree, request, compiler }: Pick<Session, 'tree' | 'request' | 'compiler'>,
  job: CompileJob,
): EnvironmentPart[] {
  const { roots } = tree;
  const part = (name: string, path: string) => ({
    name,
    value: toPortableSpelling(roots, path),
    isFolderList: false,
  });
  const [driver] = compiler.record.files;
  const { precompiled } = request.call;
  const tools = [
    ...(request.call.debugInfo && driver ? [part('compiler', driver.path)] : []),
    ...(precompiled?.work === 'made'
      ? [part('precompiled header', pathRules(roots.style).dirname(precompiled.path))]
      : []),
  ];
  if (!job.keyParts.some(({ text }) => ABSOLUTE_NAMES.test(text))) return tools;
  const links = roots.baseDirectories.filter((base) => realPath(base) !== base);
  return [...tools, ...links.map((base) => part('base folder', realPath(base)))];
}

const ABSOLUTE_NAMES = /^[-/]FC$|-fdiagnostics-absolute-paths$/;
