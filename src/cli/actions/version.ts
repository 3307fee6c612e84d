import { factsOf } from '../../commandline/family.ts';
import { VERSION } from '../../util/version.ts';
import type { CliContext } from '../context.ts';

/**
 * `clcache --version`: prints name, version and licence, then what the compiler of a call without a compiler's name
 * says of itself, on the same streams as the compiler. Meson examines `clcache` so if it is set as the compiler: it
 * looks for "Microsoft" with version and target on stderr, or for a clang with "CL.EXE COMPATIBILITY" in its help.
 */
export async function showVersion(context: CliContext): Promise<number> {
  context.stdout(`${versionText()}\n`);
  const compiler = await context.findCompiler?.();
  if (compiler?.kind !== 'compiler') return 0;
  const { versionText: words } = compiler.record;
  if (factsOf(compiler.record).versionStream === 'stderr') {
    context.stdout(`Compiler: ${compiler.compiler}\n`);
    context.stderr(`${words}\n`);
  } else {
    context.stdout(`Compiler: ${compiler.compiler} (CL.EXE COMPATIBILITY)\n${words.trimEnd()}\n`);
  }
  return 0;
}

/** Name, version and licence. */
export function versionText(): string {
  return `clcache ${VERSION}\nLicence: BSD-3-Clause`;
}
