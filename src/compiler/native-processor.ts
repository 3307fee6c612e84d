import type { CompilerAtHand } from './at-hand.ts';

/**
 * What clang makes of `native` here and now: the processor and each of its features, as its driver hands them to the
 * compiler proper. Undefined when it does not say. Asked each time and never kept: a virtual machine has the same name
 * of a processor with other features, and a cache folder moves from one machine to another.
 */
export async function nativeProcessor(
  compiler: Pick<CompilerAtHand, 'run'>,
  args: readonly string[],
): Promise<string | undefined> {
  const { stderr } = await compiler.run(['-###', ...args]);
  return processorOf(stderr.toString('utf8'));
}

/** The processor in the commands that `-###` prints, each argument in quotes; undefined if there is none. */
export function processorOf(commands: string): string | undefined {
  const words = Array.from(
    commands.matchAll(/"(-target-cpu|-tune-cpu|-target-feature)" "([^"]*)"/g),
    ([, option, value]) => `${option} ${value}`,
  );
  return words.some((word) => word.startsWith('-target-cpu ')) ? words.join(' ') : undefined;
}
