import type { PathStyle } from './paths.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of an environment variable. Windows knows no case in their names (`Path` is `PATH`), POSIX does. */
export function environmentValue(
  environment: Environment,
  style: PathStyle,
  name: string,
): string | undefined {
  const exact = environment[name];
  if (exact !== undefined || style === 'posix') return exact;
  const wanted = name.toUpperCase();
  for (const key of Object.keys(environment)) {
    if (key.length === wanted.length && key.toUpperCase() === wanted) return environment[key];
  }
  return undefined;
}

/** A copy without the named variables, whatever their case on Windows. */
export function withoutVariables(
  environment: Environment,
  style: PathStyle,
  names: readonly string[],
): Environment {
  const unwanted = new Set(names.map((name) => (style === 'win32' ? name.toUpperCase() : name)));
  const kept = Object.entries(environment).filter(
    ([key]) => !unwanted.has(style === 'win32' ? key.toUpperCase() : key),
  );
  return Object.fromEntries(kept);
}
