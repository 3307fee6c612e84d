/** A project that many tests of a file begin with. It is made once and put back for each of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { copyTree } from '../helpers/copy-tree.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Context, type Project, settle } from './helpers.ts';

/**
 * Returns a function that gives the project as `make` left it: its files with their times, and its cache. It is always in
 * the same folder, since objects and entries name it, so its tests run one after the other. They set no variables of it.
 */
export function prepared(make: (context: Context) => Project): () => Project {
  const ends: (() => void)[] = [];
  const context: Context = { after: (body) => ends.push(body) };
  after(() => {
    for (const end of ends) end();
  });
  let known: { readonly project: Project; readonly copy: string } | undefined;
  return () => {
    if (known === undefined) {
      const project = make(context);
      known = { project, copy: join(temporaryFolder(context), 'copy') };
      copyTree(project.folder, known.copy);
      return project;
    }
    const { project, copy } = known;
    project.remove(...readdirSync(project.folder));
    copyTree(copy, project.folder);
    settle();
    return project;
  };
}
