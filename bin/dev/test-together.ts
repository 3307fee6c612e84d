/** Test files that share a process: to start Node.js and to load what they test takes longer than such a file itself. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, ROOT, writeWhole } from './project.ts';

/** Makes `processes` files that import all of these between them, and gives their paths. */
export function together(files: readonly string[], processes: number): string[] {
  const groups = Array.from({ length: Math.min(processes, files.length) }, (_, group) =>
    files.filter((_file, index) => index % processes === group),
  );
  return groups.map((group, number) => {
    const path = join(DIST, 'tests', `together-${number + 1}.mjs`);
    const imports = group.map((file) => `import '${pathToFileURL(join(ROOT, file))}';\n`);
    writeWhole(path, imports.join(''));
    return path;
  });
}
