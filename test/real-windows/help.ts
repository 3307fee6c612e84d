import { findOptions } from '../../src/commandline/options/lookup.ts';
import { CL } from '../commandline/hosts.ts';

/**
 * The options in the text of `cl /?` that clcache's table does not know. There, an option stands at the beginning of a line
 * or behind several blanks, with its parts in brackets: `/Fa[file]`, `/D<name>{=|#}<text>`, `/EHs`, `/arch:<AVX|AVX2>`.
 */
export function unknownOptions(help: string): string[] {
  const options = [...help.matchAll(/(?:^|\s{2,})(\/[^\s,]+)/gm)].map(([, option = '']) => option);
  return [...new Set(options)].filter((option) => !spellingsOf(option).some(isKnown));
}

/** Without the parts in brackets, or with one of them. `/Zc:arg1[,arg2]` has a list of its own below it. */
function spellingsOf(written: string): string[] {
  const option = written.replace('/Zc:arg1', '/Zc:inline');
  const fixed = option.replace(/[<[{].*$/, '');
  const value = /<([^>|=]+)/.exec(option)?.[1] ?? /[[{]([^\]}|]+)/.exec(option)?.[1] ?? '';
  return [option, fixed, `${fixed}${value}`, fixed.replace(/:$/, '')];
}

/** `/?` and `/help` show the text, and `/link` begins the words of the linker. */
function isKnown(spelling: string): boolean {
  if (['/?', '/help', '/link'].includes(spelling)) return true;
  return spelling.length > 1 && findOptions(CL, spelling) !== undefined;
}
