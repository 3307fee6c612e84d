import type { Config } from '../../config/config.ts';
import type { HandOnReason } from '../../explain/hand-on.ts';
import { assertNever } from '../../util/assert.ts';
import { type Finding, good, look, stops } from '../finding.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ExaminedCompiler, HowFound } from '../the-compiler.ts';

const HOW: Readonly<Record<HowFound, string>> = {
  CLCACHE_CL: 'named by CLCACHE_CL',
  PATH: 'the first on PATH',
  candidate: 'on PATH',
};
const NAME_IT = 'set CLCACHE_CL to the path of cl.exe or clang-cl, or open a developer prompt';

type Needed = Pick<Surroundings, 'compiler'> & {
  readonly config: Pick<Config, 'isFolderGone' | 'fromFile'>;
};

/** Which compiler would run if a call names none, and what it is. */
export async function checkCompiler({ compiler, config }: Needed): Promise<Finding[]> {
  const folder = config.isFolderGone
    ? [stops('this folder was deleted, or its name is not UTF-8', 'work in another folder')]
    : [];
  return [...findingsAbout(await compiler(), config), ...folder];
}

function findingsAbout({ found, how }: ExaminedCompiler, { fromFile }: Needed['config']): Finding[] {
  switch (found.kind) {
    case 'none':
      return [stops(found.because, NAME_IT)];
    case 'handOn':
      return [handedOn(found, fromFile)];
    case 'compiler': {
      const { family, versionText } = found.record;
      const version = versionText.split(/\r?\n/)[0]?.trim() ?? '';
      const about = `${found.compiler}, ${HOW[how]}${how === 'CLCACHE_CL' && fromFile.includes(how) ? ' in config.txt' : ''}: ${family}, ${version || 'which says no version'}`;
      const { configurationFile } = found.record;
      return [
        how === 'candidate'
          ? look(
              `${about}. No cl.exe is on PATH, so only calls that name their compiler are served (clcache clang-cl ...)`,
              'set CLCACHE_CL if your build system calls clcache without one',
            )
          : good(about),
        ...(configurationFile === undefined
          ? []
          : [
              stops(
                `it takes options from ${configurationFile}, and such calls are not cached`,
                'put these options on the command line, and remove the file',
              ),
            ]),
      ];
    }
    default:
      return assertNever(found);
  }
}

function handedOn(
  {
    compiler,
    reason: { kind, because },
  }: { readonly compiler: string; readonly reason: Pick<HandOnReason, 'kind' | 'because'> },
  fromFile: readonly string[],
): Finding {
  if (kind === 'disabled')
    return stops(
      `CLCACHE_DISABLE is set: ${compiler} runs without the cache`,
      fromFile.includes('CLCACHE_DISABLE') ? 'clcache --unset CLCACHE_DISABLE' : 'unset CLCACHE_DISABLE',
    );
  if (kind === 'otherCache' && because.startsWith(compiler))
    return look(`${because}, which does the caching`, 'name the compiler itself, and one clcache is enough');
  const about = because.startsWith(compiler) ? because : `${compiler} is not cached: ${because}`;
  return stops(about, NAME_IT);
}
