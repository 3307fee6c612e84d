/** The words of `--set` and `--unset`, checked by the table of variables. */
import type { NamedVariable, Reading } from '../config/kinds.ts';
import { MAXIMUM_CACHE_SIZE, whyNotInFile } from '../config/settings-file.ts';
import { isVariableName, VARIABLES, type VariableName, type VariableRow } from '../config/variables.ts';
import { nearestWord } from '../util/nearest-word.ts';
import { absolutePath } from '../util/paths.ts';

export interface GivenSetting {
  readonly name: VariableName;
  readonly value: string;
}

/** The name and the value in `NAME=VALUE`, or why it is none. */
export function parseSetting(word: string): GivenSetting | string {
  const [, spelled, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (spelled === undefined || value === undefined) return `--set takes NAME=VALUE: '${word}'`;
  if (value.includes('\0')) return `a value has no NUL`;
  const name = parseSettingName(spelled);
  return typeof name === 'string' ? { name, value } : name.because;
}

/** The variable of this name, or why it cannot be set. The case of letters does not matter. */
export function parseSettingName(spelled: string): VariableName | { readonly because: string } {
  const name = spelled.trim().toUpperCase();
  if (name === MAXIMUM_CACHE_SIZE.name.toUpperCase())
    return { because: 'the limit is set with --set-size (-M)' };
  const because = whyNotInFile(name);
  if (because === undefined && isVariableName(name)) return name;
  const near = isVariableName(name) ? undefined : nearestWord(name, Object.keys(VARIABLES));
  return { because: `${because}${near === undefined ? '' : `: did you mean ${near}?`}` };
}

/** What is wrong with a value, and what is odd about one that counts all the same. */
export function checkValue(
  { name, value }: GivenSetting,
  { style, workingDirectory }: Pick<NamedVariable, 'style'> & { readonly workingDirectory: string },
): { readonly problems: readonly string[]; readonly oddities: readonly string[] } {
  const { kind }: VariableRow = VARIABLES[name];
  const reading: Reading = {
    style,
    homeDirectory: workingDirectory,
    absolute: (path) => absolutePath(style, workingDirectory, path),
    variable: () => undefined,
    problems: [],
  };
  kind.read(value, reading, name);
  return { problems: reading.problems, oddities: kind.oddities?.(value, { name, style }) ?? [] };
}
