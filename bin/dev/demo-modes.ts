/** The ways in which the demo starts the compiler for the sources of its library. */
import { availableParallelism } from 'node:os';
import { join, parse } from 'node:path';
import type { Compiler } from './find-compiler.ts';
import { type Library, objectOf } from './library.ts';
import { DIST, ON_WINDOWS } from './project.ts';

export const HOME = join(DIST, 'demo');
/** Every run writes to this one folder, since the name of an object can be part of its bytes. */
export const OBJECTS = join(HOME, 'objects');

export interface Project {
  readonly compiler: Compiler;
  readonly library: Library;
  readonly options: readonly string[];
  /** The words that start clcache. */
  readonly product: readonly string[];
}

export interface Mode {
  readonly name: string;
  readonly calls: (project: Project) => string[][];
  readonly atOnce: number;
  /** What the compiler printed comes in the same order each time. */
  readonly comparesOutput?: boolean;
}

/** Each mode says which calls compile the sources; a call is the list of its arguments. */
export const MODES: readonly Mode[] = [
  {
    name: 'one source a call',
    calls: ({ library, options }) =>
      library.sources.map((source) => [...options, source, `/Fo${join(OBJECTS, objectOf(source))}`]),
    atOnce: availableParallelism(),
    // With /MP the order of what cl prints is a matter of luck.
    comparesOutput: true,
  },
  {
    name: 'several, /MP',
    calls: ({ library, options }) =>
      groupsOfUniqueNames(library.sources).map((group, number) => [
        ...options,
        '/MP',
        ...group,
        `/Fo${join(OBJECTS, String(number))}${ON_WINDOWS ? '\\' : '/'}`,
      ]),
    atOnce: 1,
  },
];

/** Two sources of one name would write the same object: the second of them goes into another call. */
function groupsOfUniqueNames(sources: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const source of sources) {
    const name = parse(source).name;
    const group = groups.find((other) => !other.some((member) => parse(member).name === name));
    if (group === undefined) groups.push([source]);
    else group.push(source);
  }
  return groups;
}
