/** Test files that share processes: to start Node.js and to load what they test takes longer than many a file itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './project.ts';
import { OPEN, takenMark } from './test-turns.ts';

const TURNS = pathToFileURL(join(ROOT, 'bin/dev/test-turns.ts'));

export interface Together {
  /** Where these programs, and the tests in them, put what they share. */
  readonly folder: string;
  /** Programs for Node.js, to be run at once. They are removed when this process ends. */
  readonly programs: readonly string[];
  /** Lets them go on with the files that had to wait. */
  open(): void;
  /** Lets them end without these files. */
  giveUp(): void;
}

export interface Amount {
  readonly processes: number;
  /** How many of the files need not wait. */
  readonly atOnce: number;
}

/** Makes as many programs as `processes` that run one after the other of these files until none is left. */
export function together(files: readonly string[], { processes, atOnce }: Amount): Together {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const urls = files.map((file) => pathToFileURL(join(ROOT, file)).href);
  const programs = Array.from({ length: Math.min(processes, files.length) }, (_, number) => {
    const path = join(folder, `process-${number + 1}.mjs`);
    const call = `takeTurns(import.meta.dirname, ${JSON.stringify({ files: urls, atOnce })})`;
    writeFileSync(path, `import { takeTurns } from '${TURNS}';\nawait ${call};\n`);
    return path;
  });
  const open = () => writeFileSync(join(folder, OPEN), '');
  return {
    folder,
    programs,
    open,
    giveUp() {
      for (let number = atOnce; number < files.length; number++)
        writeFileSync(join(folder, takenMark(number)), '');
      open();
    },
  };
}
