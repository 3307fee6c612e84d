import { anyOption } from './option-groups.ts';
import type { Random } from './random.ts';
import type { CommandLine, Words } from './scenario.ts';
import { type GeneratedTree, HEADER_FOLDERS, LAST_FOLDER } from './source-tree.ts';

export interface GeneratedLine {
  readonly line: CommandLine;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Set for every case with a COFF object, whose header would else hold the time. */
export const SAME_EACH_TIME: Words = ['/Brepro'];
export const LINUX: Words = ['--target=x86_64-pc-linux-gnu'];

export function makeLine(random: Random, generated: GeneratedTree): GeneratedLine {
  const workingFolder = random.pick(['', '', 'build', 'out']);
  const up = workingFolder === '' ? '' : '../';
  const isLinux = random.chance(0.4);
  const options: Words[] = [['/c'], isLinux ? LINUX : SAME_EACH_TIME];
  for (const folder of random.shuffled(HEADER_FOLDERS.filter(() => random.chance(0.7)))) {
    options.push(searchOption(random, place(random, up, folder)));
  }
  if (random.chance(0.1)) options.push(searchOption(random, place(random, up, 'inc0')));
  if (random.chance(0.95)) options.push(searchOption(random, `${up}${LAST_FOLDER}`, random.chance(0.1)));
  const count = random.between(2, 9);
  for (let index = 0; index < count; index++) options.push(anyOption(random, up));
  options.push(...generated.options, ...objectOption(random, up, generated.sources.length));
  if (random.chance(0.25)) options.push(random.pick([['/nologo'], ['-nologo'], ['/MP'], ['/MP2'], ['/FS']]));
  if (random.chance(0.25)) options.push(['/FIpre.h']);
  const isWhole = random.chance(0.2);
  const sources = generated.sources.map((source): Words => {
    const path = isWhole ? `$TREE/${source}` : random.chance(0.1) ? `./${up}${source}` : up + source;
    if (!random.chance(0.08)) return [path];
    return generated.language === 'c' ? [`/Tc${path}`] : ['/Tp', path];
  });
  const shuffled = random.chance(0.5) ? random.shuffled(options) : options;
  return {
    line: {
      options: shuffled,
      sources,
      inCL: random.chance(0.12) ? random.between(1, 3) : 0,
      inResponseFile: random.chance(0.2) ? random.between(1, 6) : 0,
      inUnderscoreCL: random.chance(0.08) ? random.between(1, 2) : 0,
    },
    workingFolder,
    environment: makeEnvironment(random),
  };
}

export function searchOption(random: Random, folder: string, onlyQuoted = true): Words {
  return random.pick<(folder: string) => Words>([
    (path) => [`/I${path}`],
    (path) => [`-I${path}`],
    (path) => ['/I', path],
    (path) => [`/external:I${path}`],
    (path) => ['/external:I', path],
    (path) => [`-imsvc${path}`],
    (path) => ['-imsvc', path],
    (path) => [onlyQuoted ? `/clang:-iquote${path}` : `/I${path}`],
    (path) => ['/clang:-isystem', `/clang:${path}`],
    (path) => [`/clang:-idirafter${path}`],
  ])(folder);
}

/** A variable and a value for it; folders are the tree's. */
export function anyVariable(random: Random): Record<string, string> {
  const folders = random.some(HEADER_FOLDERS, random.between(1, 2)).map((folder) => `$TREE/${folder}`);
  return random.pick<() => Record<string, string>>([
    () => ({ INCLUDE: folders.join(';') }),
    () => ({ EXTERNAL_INCLUDE: folders.join(';') }),
    () => ({ CPATH: folders.join(':') }),
    () => ({ CPLUS_INCLUDE_PATH: folders.join(':') }),
    () => ({ C_INCLUDE_PATH: folders.join(':') }),
    () => ({ MORE_HEADERS: folders.join(';') }),
    () => ({ SOURCE_DATE_EPOCH: String(random.between(1, 9)) }),
    () => ({ VSLANG: random.pick(['1031', '1033']) }),
    () => ({ VCToolsVersion: random.pick(['14.29.30133', '14.16.27023']) }),
    () => ({ CL: random.pick(['/DX#5', '/O1', '/W4', '/DY=2 /UX', '-DX="7"']) }),
    () => ({ _CL_: random.pick(['/DX#6', '/Od', '/w', '/UX']) }),
  ])();
}

function objectOption(random: Random, up: string, sources: number): Words[] {
  const forms = [[], [], [`/Fo${up}out/`], ['/Fo./'], ['/Fo$TREE/out/']];
  if (sources === 1) {
    forms.push(
      ['/Foname.obj'],
      ['/Foname'],
      [`/Fo${up}out/x.o`],
      ['-oy.obj'],
      ['-o', 'z'],
      ['/o', `${up}out/`],
    );
    forms.push(['/Foa.obj', '/Fob.obj'], ['/Fo$TREE/q.obj']);
  }
  const form = random.pick(forms);
  return form.length === 2 && form[0]?.startsWith('/Fo') ? form.map((one) => [one]) : [form];
}

function place(random: Random, up: string, folder: string): string {
  return random.chance(0.15) ? `$TREE/${folder}` : up + folder;
}

function makeEnvironment(random: Random): Record<string, string> {
  let environment: Record<string, string> = {};
  while (random.chance(0.3)) environment = { ...environment, ...anyVariable(random) };
  return environment;
}
