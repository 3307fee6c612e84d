/** Lines full of the signs that begin a token, a comment or a splice. */
import { Random } from '../fuzz/random.ts';

const PIECES = [
  ...[
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '\\',
    '\\\n',
    '\\ \t\n',
    '\\\r\n',
    '\\\n\\\n',
    '/\\\n*',
    '*\\\n/',
    '\r',
    '\t',
    '  ',
  ],
  ...[
    '#',
    '##',
    '%:',
    '%:%:',
    '#define X ',
    '#if 0',
    '#endif',
    '#include <',
    '#error ',
    '#warning ',
    '_Pragma(',
  ],
  ...[
    'R"(',
    ')"',
    'R"x(',
    ')x"',
    'u8R"(',
    'LR"',
    'R"\\',
    'R"0123456789abcdefg(',
    'u8"',
    "u8'",
    "L'",
    'R\\\n"(',
  ],
  ...['0', "1'0", '1e+', '0x1e-', '0x1p+', '.5', '..', '1.', "'a'", '"a"', '\\"', "\\'", '""', "''", "'''"],
  ...[
    'a',
    '__TIME__',
    'R',
    'L',
    'u8',
    'x\\\ny',
    '\\u00e9',
    '\\u12',
    '<',
    '>',
    '(',
    ')',
    ',',
    ';',
    '=',
    '::',
    '->',
    '<<=',
  ],
];

/** `count` lines, without the line ends that they have inside. */
export function randomLines(seed: number, count: number): string {
  const random = new Random(seed);
  const lines = Array.from({ length: count }, () =>
    Array.from({ length: random.between(0, 11) }, () => random.pick(PIECES)).join(
      random.chance(0.3) ? ' ' : '',
    ),
  );
  return `${lines.join('\n')}\n`;
}
