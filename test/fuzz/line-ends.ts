import type { Random } from './random.ts';

/** The text with ends of lines as some system or editor leaves them, mostly those of Unix. */
export function withLineEnds(random: Random, text: string): string {
  if (random.chance(0.75)) return text;
  const end = random.pick(['\r\n', '\r\n', '\r', '\n\r', '']);
  return text.replace(/\n/g, () => end || random.pick(['\n', '\r\n', '\r']));
}
