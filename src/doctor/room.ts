import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../diagnostics/errors.ts';
import { atEnd } from '../util/at-end.ts';

/** A temporary folder of one examination. */
export type Room =
  | { readonly kind: 'folder'; readonly path: string; readonly remove: () => void }
  | { readonly kind: 'none'; readonly because: string };

/** Makes the folder. It is also removed if a signal ends the process. */
export function openRoom(): Room {
  try {
    const path = realpathSync(mkdtempSync(join(tmpdir(), 'clcache-doctor-')));
    const removeAll = () => {
      try {
        rmSync(path, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // Somebody has a file in it open. It lies in the folder for temporary files.
      }
    };
    const forget = atEnd(removeAll);
    const remove = () => {
      forget();
      removeAll();
    };
    return { kind: 'folder', path, remove };
  } catch (error) {
    return { kind: 'none', because: `no folder can be made in ${tmpdir()}: ${reasonOf(error)}` };
  }
}
