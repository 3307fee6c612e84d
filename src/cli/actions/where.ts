import type { CliContext } from '../context.ts';

/** `clcache --where`: prints the path of this program. npm's command `clcache` starts it by way of Node.js. */
export function showPath({ self, stdout }: Pick<CliContext, 'self' | 'stdout'>): number {
  stdout(`${self}\n`);
  return 0;
}
