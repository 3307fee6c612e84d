import { SETTINGS_FILE } from '../../config/settings-file.ts';
import { shownValue } from '../../config/shown-value.ts';
import { changeSettings, type WrittenSettings } from '../../config/write-settings.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { environmentValue } from '../../util/environment.ts';
import { oneLine } from '../../util/one-line.ts';
import type { CliContext, OwnLine } from '../context.ts';
import { checkValue, type GivenSetting, parseSetting, parseSettingName } from '../setting-word.ts';

/** `clcache --set NAME=VALUE`: sets a variable in `config.txt`. A bad value gives one line on stderr and changes nothing. */
export async function setVariable(context: CliContext, { value: word }: OwnLine): Promise<number> {
  const given = parseSetting(word);
  if (typeof given === 'string') return complain(context, given);
  const { problems, oddities } = checkValue(given, context.config);
  if (problems.length > 0) return complain(context, `not set: ${problems.join('; ')}`);
  for (const oddity of oddities) complain(context, oddity);
  await write(context, given);
  context.stdout(`${given.name}=${oneLine(shownValue(given.name, given.value))}\n`);
  warnOfEnvironment(context, given.name);
  return 0;
}

/** `clcache --unset NAME`: removes a variable from `config.txt`. It need not be there. */
export async function unsetVariable(context: CliContext, { value: word }: OwnLine): Promise<number> {
  const name = parseSettingName(word);
  if (typeof name !== 'string') return complain(context, name.because);
  const { hadAll } = await write(context, { name, value: undefined });
  context.stdout(`${name} ${hadAll ? 'is no longer' : 'was not'} set in ${SETTINGS_FILE}\n`);
  warnOfEnvironment(context, name);
  return 0;
}

async function write(
  context: CliContext,
  { name, value }: { readonly name: GivenSetting['name']; readonly value: string | undefined },
): Promise<WrittenSettings> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const { settingsFile } = layoutOf(cacheDirectory);
  const written = await changeSettings(settingsFile, { change: { [name]: value }, timeoutMs: lockTimeoutMs });
  if (written.oldFile !== undefined) {
    context.stderr(`clcache: not all of ${settingsFile} could be kept; the old file is ${written.oldFile}\n`);
  }
  return written;
}

function warnOfEnvironment({ config, stderr }: CliContext, name: GivenSetting['name']): void {
  const { environment, style, fromFile } = config;
  if (fromFile.includes(name) || environmentValue(environment, style, name) === undefined) return;
  stderr(`clcache: the environment has ${name} as well, which wins\n`);
}

function complain(context: CliContext, message: string): 1 {
  context.stderr(`clcache: ${oneLine(message)}\n`);
  return 1;
}
