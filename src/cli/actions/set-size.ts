import { MAXIMUM_CACHE_SIZE } from '../../config/settings-file.ts';
import { changeSettings } from '../../config/write-settings.ts';
import { grouped } from '../../report/amounts.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { quoted } from '../../util/one-line.ts';
import type { CliContext, OwnLine } from '../context.ts';

/** The number is multiplied by 1024 as often as the position in this list says. */
const SUFFIXES = ['', 'K', 'M', 'G', 'T'];

/** `clcache -M SIZE`: sets the limit. A bad value gives one line on stderr and changes nothing. */
export async function setMaximumSize(context: CliContext, { value }: OwnLine): Promise<number> {
  const size = parseSize(value);
  if (typeof size === 'string') {
    context.stderr(`clcache: ${size}\n`);
    return 1;
  }
  const { cacheDirectory, lockTimeoutMs: timeoutMs } = context.config;
  const { settingsFile } = layoutOf(cacheDirectory);
  const { oldFile } = await changeSettings(settingsFile, { change: { MaximumCacheSize: size }, timeoutMs });
  if (oldFile !== undefined) {
    context.stderr(`clcache: not all of ${settingsFile} could be kept; the old file is ${oldFile}\n`);
  }
  context.stdout(`maximum cache size: ${grouped(size)} bytes\n`);
  return 0;
}

/**
 * The bytes that `1000`, `64M`, `64 MiB` or `64MB` mean (always 1024-based), or the reason why the text is not a size.
 */
export function parseSize(text: string): number | string {
  const [, digits, letter] = /^\s*([+-]?\d+)\s*(?:([KMGT]?)(?:I?B)?)?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return `the size is not a whole number of bytes: ${quoted(text)}`;
  const size = Number(digits) * 1024 ** SUFFIXES.indexOf((letter ?? '').toUpperCase());
  if (size < 1) return `the size must be greater than 0: ${quoted(text)}`;
  if (!MAXIMUM_CACHE_SIZE.isValid(size)) return `the size is too large: ${quoted(text)}`;
  return size;
}
