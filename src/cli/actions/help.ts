import type { CliContext, OwnLine } from '../context.ts';

/** `clcache --help`: prints the own options, how to call the compiler, and every variable. */
export function showHelp(context: CliContext, { help }: OwnLine): number {
  context.stdout(help());
  return 0;
}
