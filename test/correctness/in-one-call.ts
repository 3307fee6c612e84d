/** Sources of a table that are compiled by one call: to start programs takes longer than to compile any of them. */
import type { Project } from './helpers.ts';

/** A source `a.c` and the files that it reads. */
export interface Row {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

export interface OneCall {
  readonly args: readonly string[];
  /** In the order of the rows. */
  readonly objects: readonly string[];
  /** The folder of each row's files, in the order of the rows. */
  readonly folders: readonly string[];
}

/** The rows that can share a call, since they have the same options. */
export function byOptions<Each extends Row>(rows: readonly Each[]): readonly (readonly Each[])[] {
  const groups = new Map<string, Each[]>();
  for (const row of rows) {
    const options = (row.options ?? []).join(' ');
    groups.set(options, [...(groups.get(options) ?? []), row]);
  }
  return [...groups.values()];
}

/** Writes the files of each row into a folder of its own. The rows have the same options. */
export function inOneCall(project: Project, rows: readonly Row[]): OneCall {
  const folders = rows.map((_, index) => `row-${index}`);
  const sources = rows.map(({ files }, index) => {
    const source = `row-${index}/a${index}.c`;
    for (const [name, text] of Object.entries(files)) {
      project.write(name === 'a.c' ? source : `row-${index}/${name}`, text);
    }
    return source;
  });
  const options = rows[0]?.options ?? [];
  return { args: ['/c', ...options, ...sources], objects: rows.map((_, index) => `a${index}.obj`), folders };
}
