import type { CommandLineHost } from '../commandline/compile-call.ts';
import { classify } from '../commandline/meaning/classify.ts';
import { withEmbeddedDebug } from '../commandline/meaning/embedded-debug.ts';

/** What reading a line depends on. */
interface Line {
  readonly args: readonly string[];
  readonly host: CommandLineHost;
}

/** The settings that have more calls cached, and how each changes what is read. Those that change least come first. */
const SWITCHES: readonly (readonly [setting: string, apply: (line: Line) => Line])[] = [
  ['CLCACHE_Z7=1', ({ args, host }) => ({ args: withEmbeddedDebug(args, host), host })],
  ['CLCACHE_PCH=1', ({ args, host }) => ({ args, host: { ...host, precompiledHeaders: true } })],
  [
    'CLCACHE_Z7=1 with CLCACHE_PCH=1',
    ({ args, host }) => ({
      args: withEmbeddedDebug(args, host),
      host: { ...host, precompiledHeaders: true },
    }),
  ],
  ['CLCACHE_PDB=1', ({ args, host }) => ({ args, host: { ...host, databases: 'own' } })],
  ['CLCACHE_PDB=per-object', ({ args, host }) => ({ args, host: { ...host, databases: 'perObject' } })],
];

/** The settings with each of which a call that is handed on would be cached. */
export function switchesFor(line: Line): string[] {
  const isCached = ({ args, host }: Line) => classify(args, host, 1).kind === 'cacheable';
  const found = SWITCHES.flatMap(([setting, apply]) => (isCached(apply(line)) ? setting : []));
  // Two settings are not named where one of them does.
  return found.filter((setting) => !found.some((other) => other !== setting && setting.includes(other)));
}
