/**
 * `npm test [-- unit | integration | real-windows | windows | stress | PATH...] [--verbose]`: makes JavaScript of the tests
 * and of what runs them, and starts that. A path is a test file or a folder of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { closeOthersDescriptors } from './descriptors.ts';
import { ROOT, script } from './project.ts';
import { bundleTests } from './test-bundle.ts';
import { filesOf, isOption } from './test-stages.ts';

await script(() => {
  closeOthersDescriptors();
  const words = process.argv.slice(2).map(fromRoot);
  const { folder, program } = bundleTests(filesOf(words));
  // Who interrupts us interrupts that program, too. Then there is still the folder to be removed.
  process.once('SIGINT', () => undefined);
  try {
    const args = ['--enable-source-maps', program, folder, ...words];
    return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A path as seen from the folder in which npm was started. Any other word stays what it is. */
function fromRoot(word: string): string {
  if (isOption(word)) return word;
  const path = resolve(process.env['INIT_CWD'] ?? '.', word);
  return existsSync(path) ? relative(ROOT, path).replaceAll('\\', '/') : word;
}
