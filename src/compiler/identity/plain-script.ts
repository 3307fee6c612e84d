/**
 * Decides whether the text of a script, with its environment, shows everything that it starts. The allowed lines are
 * listed, because the effect of any other command, sign or condition is unknown.
 */

const NAME = '[A-Za-z_]\\w*';
const VARIABLE = `\\$(?:${NAME}|[@*]|\\{${NAME}(?::-[\\w./+-]*)?\\})`;
/** Without patterns for names of files, home folders, braces and several commands. */
const BARE = '[\\w./:=+,%-]';
const QUOTED = `"(?:[^"\`$\\\\]|${VARIABLE})*"|'[^'$]*'`;
/** A word that begins with `@` names a file of options. */
const WORD = `(?:${BARE}|${VARIABLE}|${QUOTED})(?:${BARE}|@|${VARIABLE}|${QUOTED})*`;
const WORDS = `(?:\\s+(?:${WORD}|\\$\\{1\\+"\\$@"\\}))*`;
const ASSIGNMENT = `(?:export\\s+)?${NAME}=(?:${QUOTED}|(?:${BARE}|${VARIABLE})*)`;
const BATCH_WORD = `(?:"[^"!^]*"|[\\w.:\\\\*%/+-]+)`;

interface Language {
  /** Lines that start nothing that matters. */
  readonly harmless: readonly RegExp[];
  /** A line that starts the word that it captures. */
  readonly start: RegExp;
}

const LANGUAGES = {
  shell: {
    harmless: [
      new RegExp(`^(?:set\\s+[-+]\\w+(?:\\s+\\w+)*|export(?:\\s+${NAME})+)?$`),
      new RegExp(`^${ASSIGNMENT}$`),
      // Writing to a log changes nothing.
      new RegExp(`^(?:echo|printf)${WORDS}\\s*\\d?>>?\\s*${WORD}$`),
    ],
    start: new RegExp(`^(?:${ASSIGNMENT}\\s+)?(?:exec\\s+)?(${WORD})${WORDS}$`),
  },
  batch: {
    harmless: [
      /^@?(?:echo\s+off|setlocal|endlocal|exit\s+\/b(?:\s+%errorlevel%)?)?$/i,
      new RegExp(`^@?set\\s+(?:"${NAME}=[^"^!&|<>]*"|${NAME}=[^"^!&|<>]*)$`, 'i'),
    ],
    start: new RegExp(`^@?(?:call\\s+)?(${BATCH_WORD})(?:\\s+${BATCH_WORD})*$`, 'i'),
  },
} as const satisfies Record<string, Language>;

/** `%NAME:~0,4%` and `%NAME:a=b%` have other values than the variable. */
const PART_OF_VARIABLE = /%\w+:/;

/** `startsCompiler` gets the word that the line starts, as it is written, and says whether it is a compiler. */
export function isPlainLine(
  line: string,
  language: keyof typeof LANGUAGES,
  startsCompiler: (word: string) => boolean,
): boolean {
  const { harmless, start } = LANGUAGES[language];
  const text = line.trim();
  if (language === 'batch' && PART_OF_VARIABLE.test(text)) return false;
  if (harmless.some((form) => form.test(text))) return true;
  const word = start.exec(text)?.[1];
  return word !== undefined && startsCompiler(word);
}
