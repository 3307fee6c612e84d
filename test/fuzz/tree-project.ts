import { disguised } from './disguise.ts';
import type { Random } from './random.ts';
import type { Words } from './scenario.ts';
import { type Place, pieces } from './tree-pieces.ts';
import { makeWay } from './tree-ways.ts';

/** One project as it stands in each of the trees. `$FIRST` in texts is the first tree, `$UP` leads to the tree. */
export interface Project {
  readonly files: ReadonlyMap<string, string>;
  readonly source: string;
  readonly language: 'c' | 'cpp';
  /** The source is named by its whole path. */
  readonly isAbsolute: boolean;
  readonly isLinux: boolean;
  readonly options: readonly Words[];
  /** How folders of headers are named. */
  readonly folders: readonly Words[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Why a result of the project can be another tree's, if it can: nothing takes a path, or all paths are relative, or a map
 * works on them. A wild project leaves it to chance.
 */
export type Mood = 'pathless' | 'relative' | 'mapped' | 'wild';

export function makeProject(random: Random, mood: Mood): Project {
  const isCalm = mood !== 'wild';
  const language = random.chance(0.35) ? 'c' : 'cpp';
  const isLinux = random.chance(0.6);
  const place: Place = {
    language,
    isLinux,
    isPathless: mood === 'pathless' || (mood === 'mapped' && random.chance(0.5)),
  };
  const source = random.pick(['main', 'src/main', 'src/main']) + (language === 'c' ? '.c' : '.cpp');
  const hides = !isCalm && random.chance(0.25);
  const hidden = hides ? disguised(random, { language, id: 'hid' }) : undefined;
  const way = makeWay(random, !isCalm, mood === 'relative', place);
  const include = random.chance(isCalm ? 0 : 0.12) ? random.pick(SPELLED) : `#include <h.h>`;
  const isTold = hidden !== undefined && !hidden.looksAtClock && !hidden.looksAtFileTimes;
  const texts = {
    source: [include, ...pieces(random, place, 'm', random.between(1, 3)), ...(isTold ? hidden.lines : [])],
    header: [
      '#pragma once',
      ...(random.chance(0.5) ? ['#include "more.h"'] : []),
      ...pieces(random, place, 'h', random.between(0, 2)),
    ],
    more: [
      '#pragma once',
      '#define NUMBER 3',
      ...pieces(random, { ...place, isPathless: place.isPathless || random.chance(0.6) }, 'o', 1),
    ],
  };
  const files = new Map([
    [source, `${texts.source.join('\n')}\n`],
    [`${way.folder}/h.h`, `${texts.header.join('\n')}\n`],
    [`${way.folder}/more.h`, `${texts.more.join('\n')}\n`],
    ['inc/plain.h', '#define PLAIN 1\n'],
    ['list.txt', 'src:*/one/*\nfun:nobody\n'],
    ['data.bin', '12345'],
    ['dependency.txt', 'x\n'],
    ['vfs.yaml', "{ 'version': 0, 'roots': [] }\n"],
    ['keep/opt.h', '#define OPT 1\n'],
  ]);
  if (way.folder !== 'inc' && !isCalm) files.set('inc/h.h', '#pragma once\n#define NUMBER 5\n');
  return {
    files,
    source,
    language,
    isLinux,
    isAbsolute: mood !== 'relative' && random.chance(0.6),
    options: [
      ...(hidden?.options ?? []),
      ...(language === 'cpp' && random.chance(0.4) ? [['/std:c++20']] : []),
    ],
    folders: way.options,
    environment: way.environment ?? {},
  };
}

/** Include lines that name the first tree, or go through the folder above. */
const SPELLED = [
  '#include "$FIRST/inc/h.h"',
  '#include <$FIRST/inc/h.h>',
  '#define H "$FIRST/inc/h.h"\n#include H',
  '#if __has_include("$FIRST/inc/h.h")\nint has;\n#endif\n#include <h.h>',
  '#include "../inc/h.h"',
  '#include "inc/h.h"',
  '#define H <h.h>\n#include H',
  '#include <h.h>\n#include "$FIRST/inc/plain.h"',
  '%:include <h.h>',
  '#include \\\n <h.h> // "',
];
