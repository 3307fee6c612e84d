import type { CompilerAtHand } from '../at-hand.ts';

/**
 * What clang makes of `native` on this machine: the processor and each of its features, as its driver passes them to
 * the compiler proper. Undefined if it does not say. Asked each time and never stored: a virtual machine may have the
 * same processor name with other features, and a cache folder may move to another machine.
 */
export async function nativeProcessor(
  compiler: Pick<CompilerAtHand, 'run'>,
  args: readonly string[],
): Promise<string | undefined> {
  const { stderr } = await compiler.run(['-###', ...args], { isQuestion: true });
  return processorOf(stderr.toString('utf8'));
}

/** The processor in the commands that `-###` prints, each argument in quotes. Undefined if there is none. */
export function processorOf(commands: string): string | undefined {
  const words = Array.from(
    commands.matchAll(/"(-target-cpu|-tune-cpu|-target-feature)" "([^"]*)"/g),
    ([, option, value]) => `${option} ${value}`,
  );
  return words.some((word) => word.startsWith('-target-cpu ')) ? words.join(' ') : undefined;
}
