import type { PathStyle } from './paths.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of an environment variable. Windows ignores the case of names (`Path` is `PATH`), POSIX does not. */
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

/** A copy without the named variables. On Windows their case does not matter. */
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
