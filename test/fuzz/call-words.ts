import type { Scenario } from './scenario.ts';

export interface CallWords {
  /** Without the response file, which comes first. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly responseFile: string | undefined;
}

/** A call as argument vector, environment and response file. */
export function spell(scenario: Scenario, placeholder: (text: string) => string): CallWords {
  const { options, sources, inCL, inResponseFile, inUnderscoreCL } = scenario.line;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(scenario.environment)) environment[name] = placeholder(value);
  const all = options.map((words) => words.map(placeholder));
  // The essential ones stay where they are read for certain.
  const first = all.splice(0, inCL).flat();
  const last = inUnderscoreCL > 0 ? all.splice(-inUnderscoreCL).flat() : [];
  const written = all.splice(0, inResponseFile);
  if (first.length > 0) environment['CL'] = joinWords([...words(environment['CL']), ...first.map(quote)]);
  if (last.length > 0) environment['_CL_'] = joinWords([...last.map(quote), ...words(environment['_CL_'])]);
  const lines = written.map((line) => line.map(quote).join(' '));
  return {
    args: [...all.flat(), ...sources.flat().map(placeholder)],
    environment,
    responseFile: lines.length === 0 ? undefined : lines.join(lines.length % 2 ? '\n' : ' '),
  };
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function joinWords(all: readonly string[]): string {
  return all.join(' ');
}

function quote(word: string): string {
  return /[\s]/.test(word) ? `"${word}"` : word;
}
