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
];

/** The first setting with which a call that is handed on would be cached. Undefined if there is none. */
export function switchFor(line: Line): string | undefined {
  const found = SWITCHES.find(([, apply]) => {
    const { args, host } = apply(line);
    return classify(args, host, 1).kind === 'cacheable';
  });
  return found?.[0];
}
