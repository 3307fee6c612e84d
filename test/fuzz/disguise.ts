/** Words that matter to a cache, written so that only a reader who reads as the compiler does finds them. */

import { confusion } from './confusion.ts';
import type { Random } from './random.ts';
import type { Words } from './scenario.ts';

export interface Disguised {
  readonly lines: readonly string[];
  /** What the command line must say. */
  readonly options: readonly Words[];
  readonly looksAtClock: boolean;
  readonly looksAtFileTimes: boolean;
}

export interface DisguiseStyle {
  readonly language: 'c' | 'cpp';
  /** A name that nobody else has. */
  readonly id: string;
}

/** Files that disguised lines read, below the tree. */
export const DISGUISED_FILES = { data: 'data.bin', dependency: 'dependency.txt' } as const;

/** Something that matters, behind something that confuses. */
export function disguised(random: Random, style: DisguiseStyle): Disguised {
  const payload = random.pick(PAYLOADS)(random, style);
  const before = random.chance(0.75) ? confusion(random, style) : [];
  const after = random.chance(0.3) ? confusion(random, { ...style, id: `${style.id}z` }) : [];
  return {
    looksAtClock: false,
    looksAtFileTimes: false,
    ...payload,
    lines: [...before, ...payload.lines, ...after],
    options: payload.options ?? [],
  };
}

/** Says something random in a disguise; `$` in it stands for the word. */
type MakePayload = (
  random: Random,
  style: DisguiseStyle,
) => Pick<Disguised, 'lines'> & Partial<Omit<Disguised, 'lines'>>;

const PAYLOADS: readonly MakePayload[] = [
  (random, style) => ({
    ...said(random, style, random.pick(['__TIME__', '__TIME__', '__DATE__']), (word) => [
      `const char *t_${style.id} = ${word};`,
    ]),
    looksAtClock: true,
  }),
  (random, style) => ({
    ...said(random, style, '__TIMESTAMP__', (word) => [`const char *s_${style.id} = ${word};`]),
    looksAtFileTimes: true,
  }),
  asked,
  asked,
  (random, style) => said(random, style, '__FILE__', (word) => [`int f_${style.id} = sizeof(${word});`]),
  (random, style) =>
    said(random, style, random.pick(['__BASE_FILE__', '__FILE__']), (word) => [
      `const char *b_${style.id} = ${word};`,
    ]),
  assembled,
  assembled,
  depended,
];

/** A word in one of many spellings; what it needs to be defined stands before it. */
function said(
  random: Random,
  { id }: DisguiseStyle,
  word: string,
  use: (word: string) => string[],
): { lines: string[]; options: Words[] } {
  const [head, tail] = halves(random, word);
  const inside = word.slice(2, -2);
  return random.pick<() => { lines: string[]; options: Words[] }>([
    () => ({ lines: use(word), options: [] }),
    () => ({ lines: use(spliced(random, word)), options: [] }),
    () => ({ lines: use(spliced(random, spliced(random, word))), options: [] }),
    () => ({ lines: [`#define A_${id} ${word}`, ...use(`A_${id}`)], options: [] }),
    () => ({
      lines: [`#define A_${id} ${spliced(random, word)}`, `#define B_${id} A_${id}`, ...use(`B_${id}`)],
      options: [],
    }),
    () => ({ lines: [`#define P_${id}(a, b) a##b`, ...use(`P_${id}(${head}, ${tail})`)], options: [] }),
    () => ({ lines: [`#define P_${id}(a, b) a %:%: b`, ...use(`P_${id}(${head}, ${tail})`)], options: [] }),
    () => ({
      lines: [`#define P_${id}(a) __##a##__`, ...use(`P_${id}(${inside})`)],
      options: [],
    }),
    () => ({
      lines: [
        `#define P_${id}(a, b) a#\\\n#b`,
        `#define Q_${id} P_${id}(${head}, ${tail})`,
        ...use(`Q_${id}`),
      ],
      options: [],
    }),
    () => ({
      lines: [`#define P_${id}(x) __##x##__`, `#define E_${id}(x) P_${id}(x)`, ...use(`E_${id}(M_${id})`)],
      options: [[`/DM_${id}=${inside}`]],
    }),
    () => ({ lines: use(`O_${id}`), options: [[`/DO_${id}=${word}`]] }),
    () => ({ lines: use(`O_${id}`), options: [['-D', `O_${id}=A_${id}`], [`/DA_${id}=${word}`]] }),
    () => ({ lines: use(`O_${id}(${head},${tail})`), options: [[`/DO_${id}(a,b)=a##b`]] }),
    () => ({ lines: use(`O_${id}(x)`), options: [[`/DO_${id}(x)=${word}`]] }),
  ])();
}

/** `__has_include`, whose answer changes when a file comes or goes. */
function asked(random: Random, style: DisguiseStyle): ReturnType<MakePayload> {
  const { id } = style;
  const name = random.pick(['"opt.h"', '<opt.h>', '"deep/opt2.h"', '<deep/opt2.h>', '"a.h"', '"nowhere.h"']);
  const then = (condition: string) => [
    `#if ${condition}`,
    `int h_${id} = 1;`,
    '#else',
    `int h_${id} = 2;`,
    '#endif',
  ];
  const word = '__has_include';
  return random.pick<() => ReturnType<MakePayload>>([
    () => said(random, style, word, (spelled) => then(`${spelled}(${name})`)),
    () => ({ lines: then(`${word}/* " */(/**/${name})`) }),
    () => ({ lines: then(`${word} /*\n don't */ (${name})`) }),
    () => ({ lines: [`#define H_${id}(x) ${word}(x)`, ...then(`H_${id}(${name})`)] }),
    () => ({ lines: [`#define N_${id} ${name}`, ...then(`${word}(N_${id})`)] }),
    () => ({ lines: then(`H_${id}`), options: [[`/DH_${id}=${word}(${name.replaceAll('"', '\\"')})`]] }),
    () => ({ lines: [`??=if ${word}(${name})`, `int h_${id};`, '??=endif'], options: [['/Zc:trigraphs']] }),
    () => ({ lines: [`%:if ${word}(${name})`, `int h_${id};`, '%:endif'] }),
    () => ({ lines: [`#ifdef NEVER`, `# error it's "`, `#elif ${word}(${name})`, `int h_${id};`, '#endif'] }),
    () => ({ lines: [`#if 0 /* ' */`, `#elif ${spliced(random, word)}(${name})`, `int h_${id};`, '#endif'] }),
    () => ({ lines: [`_Pragma("GCC warning \\"x\\"")`, ...then(`defined ${word} && ${word}(${name})`)] }),
  ])();
}

/** A file that the assembler reads. */
function assembled(random: Random, { id, language }: DisguiseStyle): ReturnType<MakePayload> {
  const file = `$TREE/${DISGUISED_FILES.data}`;
  const asm = random.pick(['asm', '__asm__', '__asm']);
  const begin = `.globl i_${id}\\ni_${id}: `;
  const plain = `${asm}("${begin}.incbin \\"${file}\\"");`;
  return random.pick<() => ReturnType<MakePayload>>([
    () => ({ lines: [plain] }),
    () => ({ lines: [`${asm}("${begin}.inc" "bin \\"${file}\\"\\n");`] }),
    () => ({ lines: [`${asm}("${begin}\\x2eincbin \\"${file}\\"");`] }),
    () => ({ lines: [`${asm}("${begin}.\\151ncbin \\"${file}\\"");`] }),
    () => ({ lines: [`${asm}("${begin}.in\\\ncbin \\"${file}\\"");`] }),
    () => ({ lines: [`#define S_${id}(x) #x`, `${asm}("${begin}" S_${id}(.incbin "${file}"));`] }),
    () => ({ lines: [`#define D_${id} ".incbin"`, `${asm}("${begin}" D_${id} " \\"${file}\\"");`] }),
    () => ({
      lines: [
        `#define S_${id}(x) #x`,
        `#define T_${id}(x) S_${id}(x)`,
        `${asm}("${begin}" T_${id}(.W_${id} "${file}"));`,
      ],
      options: [[`/DW_${id}=incbin`]],
    }),
    () => ({ lines: [`A_${id}("${begin}.incbin \\"${file}\\"");`], options: [[`/DA_${id}=__asm__`]] }),
    () => ({ lines: [`#define P_${id}(a, b) a##b`, `P_${id}(__as, m__)("${begin}.incbin \\"${file}\\"");`] }),
    () => ({
      lines: [
        `${asm}(".macro m_${id} a, b\\n\\\\a\\\\b \\"${file}\\"\\n.endm\\n${begin}\\nm_${id} .inc, bin");`,
      ],
    }),
    () => ({
      lines: [
        `${asm}(".altmacro\\n${begin}\\n.irp x, incbin\\n.\\\\x \\"${file}\\"\\n.endr\\n.noaltmacro");`,
      ],
    }),
    () =>
      language === 'cpp'
        ? { lines: [`${asm}(R"(.globl i_${id}\ni_${id}: .incbin "${file}")");`] }
        : { lines: [plain] },
  ])();
}

/** A pragma that looks at the time of a file. */
function depended(random: Random, style: DisguiseStyle): ReturnType<MakePayload> {
  const { id } = style;
  const file = DISGUISED_FILES.dependency;
  const name = random.pick([`"$TREE/${file}"`, `<$TREE/${file}>`]);
  const text = `GCC dependency ${name}`;
  const quoted = text.replaceAll('"', '\\"');
  const lines = random.pick<() => string[]>([
    () => [`#pragma ${text}`],
    () => [`# /* ' */ pragma GCC /**/ dependency ${name}`],
    () => [`#pragma \\\nGCC depen\\\ndency ${name}`],
    () => [`_Pragma("${quoted}")`],
    () => [`#define D_${id} _Pragma("${quoted}")`, `D_${id}`],
    () => [`#define S_${id}(x) _Pragma(#x)`, `S_${id}(${text})`],
    () => [`%:pragma ${text} it's old`],
  ])();
  return { lines, looksAtFileTimes: true };
}

function halves(random: Random, word: string): [string, string] {
  const at = random.between(1, word.length - 1);
  return [word.slice(0, at), word.slice(at)];
}

/** A word that goes on in the next line. */
function spliced(random: Random, word: string): string {
  const at = random.between(1, word.length - 1);
  const isCut = word.slice(at - 1, at + 1).includes('\\');
  const splice = random.pick(['\\\n', '\\\n', '\\ \n', '\\\t \n', '\\\n\\\n']);
  return isCut ? word : word.slice(0, at) + splice + word.slice(at);
}
