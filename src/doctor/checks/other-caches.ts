import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { chainOf } from '../../util/chain.ts';
import { environmentValue } from '../../util/environment.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { pathRules, splitList } from '../../util/paths.ts';
import { fileNameOf, stemOf } from '../../util/program-name.ts';
import { type Finding, good, look } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';

/** Programs that stand before a compiler and cache or distribute its work. */
const OTHERS = /^(?:s?ccache|buildcache|distcc|pump|icecc|icerun|fastbuild|gomacc|reclient|rewrapper)$/i;
/** Variables that put a program before the compiler: CMake's, and those of make and configure. */
const VARIABLES = ['CMAKE_C_COMPILER_LAUNCHER', 'CMAKE_CXX_COMPILER_LAUNCHER', 'CC', 'CXX'];
const COMPILERS = ['cl.exe', 'cl', 'clang-cl.exe', 'clang-cl'];

type Needed = Pick<Surroundings, 'compiler' | 'self'> & {
  readonly config: Pick<Config, 'environment' | 'style'>;
};

/** Whether another cache, another clcache or a script stands before the compiler. */
export async function checkOtherCaches({ compiler, config, self }: Needed): Promise<Finding[]> {
  const { environment, style } = config;
  const { found, how } = await compiler();
  const findings: Finding[] = [];
  const passedOver = new Set(
    how === 'PATH' && found.kind === 'compiler' ? before(found.compiler, config) : [],
  );
  for (const name of VARIABLES) {
    const other = othersIn(environmentValue(environment, style, name));
    if (other !== undefined)
      findings.push(look(`${name} puts ${other} before the compiler`, `use clcache or ${other}, not both`));
  }
  for (const program of compilersOnPath(config)) {
    const real = realPathOf(program);
    if (OTHERS.test(stemOf(real)))
      findings.push(
        look(`${program} is ${stemOf(real)}`, 'name the compiler itself with CLCACHE_CL, or change PATH'),
      );
    else if (real !== self && (passedOver.has(program) || /clcache/i.test(fileNameOf(real))))
      findings.push(look(`${program} is another clcache: ${real}`, 'keep one of them'));
  }
  if (found.kind === 'compiler' && found.record.isWrapper) {
    findings.push(
      look(
        `${found.compiler} is a script or program that starts the compiler, so it is asked what it starts`,
        'name the compiler itself, and calls begin faster',
      ),
    );
  }
  const chain = chainOf(environment);
  if (chain.length > 0)
    findings.push(look(`this shell was started below clcache, as ${chain.join(', ')}`, 'use another shell'));
  return findings.length > 0 ? findings : [good('none stands before the compiler')];
}

/** The other cache that a command begins with. */
function othersIn(command: string | undefined): string | undefined {
  const words = splitList(command, /[\s;]+/).map(stemOf);
  return words.find((word) => OTHERS.test(word));
}

function compilersOnPath({ environment, style }: Needed['config']): string[] {
  const folders = splitList(environmentValue(environment, style, 'PATH'), style === 'win32' ? ';' : ':');
  const absolute = folders.filter((folder) => pathRules(style).isAbsolute(folder));
  const all = absolute.flatMap((folder) => COMPILERS.map((name) => join(folder, name)));
  return [...new Set(all)].filter((path) => statIfThere(path)?.isFile());
}

/** The programs of the compiler's name that come before it on PATH. Only a clcache is passed over. */
function before(compiler: string, config: Needed['config']): string[] {
  const all = compilersOnPath(config).filter((path) => fileNameOf(path) === fileNameOf(compiler));
  const isProgram = (path: string) =>
    config.style === 'win32' || ((statIfThere(path)?.mode ?? 0) & 0o111) !== 0;
  return all.slice(0, Math.max(0, all.indexOf(compiler))).filter(isProgram);
}

function realPathOf(path: string): string {
  try {
    return realPath(path);
  } catch {
    return path;
  }
}
