import { exposedSecret } from '../../config/private-settings.ts';
import { MAXIMUM_CACHE_SIZE, readSettings, SETTINGS_FILE } from '../../config/settings-file.ts';
import { shownValue } from '../../config/shown-value.ts';
import { variableProblems } from '../../config/variable-problems.ts';
import { isVariableName, VARIABLES, type VariableName } from '../../config/variables.ts';
import { grouped } from '../../report/amounts.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { environmentValue } from '../../util/environment.ts';
import { oneLine } from '../../util/one-line.ts';
import type { CliContext, OwnLine } from '../context.ts';

type Source = 'environment' | typeof SETTINGS_FILE | 'default';

interface ShownSetting {
  readonly name: string;
  readonly value: string | number;
  readonly from: Source;
}

/**
 * `clcache --config`: every setting, its value and where that comes from, as text or as JSON, without secrets. What is
 * wrong with them is said on stderr, and in JSON.
 */
export function showConfig(context: CliContext, { modifiers }: Pick<OwnLine, 'modifiers'>): number {
  const { config } = context;
  const { settingsFile } = layoutOf(config.cacheDirectory);
  const exposed = exposedSecret(settingsFile);
  const problems = [
    ...config.problems,
    ...variableProblems(config.environment, config.style),
    ...(exposed === undefined ? [] : [exposed]),
  ];
  for (const problem of problems) context.stderr(`clcache: ${problem}\n`);
  const settings = [
    ...Object.keys(VARIABLES)
      .filter(isVariableName)
      .map((name) => variable(context, name)),
    limit(settingsFile),
  ];
  if ('--json' in modifiers) {
    const rows = Object.fromEntries(settings.map(({ name, ...setting }) => [name, setting]));
    context.stdout(`${JSON.stringify({ file: settingsFile, settings: rows, problems }, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...settings.map(({ name }) => name.length));
  const lines = settings.map(({ name, value, from }) => {
    const shown = typeof value === 'number' ? `${grouped(value)} bytes` : oneLine(value);
    return `  ${name.padEnd(width)}  ${from.padEnd('environment'.length)}  ${shown}`;
  });
  context.stdout(`${SETTINGS_FILE} is ${settingsFile}\n${lines.join('\n')}\n`);
  return 0;
}

function variable({ config }: CliContext, name: VariableName): ShownSetting {
  const value = environmentValue(config.environment, config.style, name);
  if (value === undefined) return { name, value: VARIABLES[name].kind.default, from: 'default' };
  const isFromFile = config.fromFile.includes(name);
  return {
    name,
    value: shownValue(name, value),
    from: isFromFile ? SETTINGS_FILE : 'environment',
  };
}

function limit(settingsFile: string): ShownSetting {
  const { maximumSize, hasMaximumSize } = readSettings(settingsFile);
  return {
    name: MAXIMUM_CACHE_SIZE.name,
    value: maximumSize,
    from: hasMaximumSize ? SETTINGS_FILE : 'default',
  };
}
