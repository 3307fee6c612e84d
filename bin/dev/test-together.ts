/** Test files that share processes: to start Node.js and to load what they test takes longer than many a file itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { turnsIn, urlOf } from './test-bundle.ts';
import { madeMark, takenMark } from './test-turns.ts';

export interface TestFile {
  /** As seen from the root. */
  readonly file: string;
  /** Names of what must be made before it can be run. */
  readonly needs: readonly string[];
}

export interface Together {
  /** Where these programs, and the tests in them, put what they share. */
  readonly folder: string;
  /** Programs for Node.js, to be run at once. They are removed when this process ends. */
  readonly programs: readonly string[];
  /** Tells them that something is made. */
  open(need: string): void;
  /** Lets them end without the files that need it. */
  giveUp(need: string): void;
}

/** Makes as many programs as `processes` that run one after the other of these files, as made in `bundle`, until none is left. */
export function together(bundle: string, files: readonly TestFile[], processes: number): Together {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const turns = files.map(({ file, needs }) => ({ file, url: urlOf(bundle, file), needs }));
  const programs = Array.from({ length: Math.min(processes, files.length) }, (_, number) => {
    const path = join(folder, `process-${number + 1}.mjs`);
    const call = `takeTurns(${JSON.stringify(folder)}, ${JSON.stringify(turns)})`;
    writeFileSync(path, `import { takeTurns } from '${turnsIn(bundle)}';\nawait ${call};\n`);
    return path;
  });
  const write = (name: string) => writeFileSync(join(folder, name), '');
  return {
    folder,
    programs,
    open: (need) => write(madeMark(need)),
    giveUp(need) {
      for (const [number, { needs }] of files.entries()) if (needs.includes(need)) write(takenMark(number));
      write(madeMark(need));
    },
  };
}
