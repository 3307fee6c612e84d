import type { Layout } from '../local/layout.ts';
import type { SendableEntry } from '../wire/pack-entry.ts';
import { packedParts } from '../wire/pack-parts.ts';
import { PART_SIZE, type Part, partKeyName } from '../wire/part-list.ts';
import { partsFreed } from './free-parts.ts';
import type { RemoteLevel } from './remote-level.ts';

/** How many parts are sent at once, so that memory stays bounded, and the next one is packed while others are sent. */
const AT_ONCE = 3;

/**
 * Sends an entry in parts, and then the list of them. `pause` may reject to stop. Resolves to false if a file does not
 * verify. Throws system errors.
 */
export async function sendInParts(
  { layout, remotes }: { readonly layout: Layout; readonly remotes: PartTaker },
  entry: SendableEntry,
  pause: () => Promise<void>,
): Promise<boolean> {
  const { key, files } = entry;
  const parts: Part[][] = files.map(() => []);
  const running = new Set<Promise<void>>();
  const freed = partsFreed();
  const packed = packedParts(layout, entry, pause);
  for (;;) {
    const { value, done } = await packed.next();
    if (done === true) {
      if (!value) return false;
      break;
    }
    const { file, part, bytes } = value;
    parts[file]?.push(part);
    const sent = remotes.putPart(key, partKeyName(key, part), bytes).finally(() => running.delete(sent));
    running.add(sent);
    if (running.size >= AT_ONCE) await Promise.race(running);
    freed(PART_SIZE);
    if (!remotes.takesArtifact(key)) return true;
  }
  await Promise.all(running);
  await pause();
  await remotes.putPartList(key, { files, parts });
  return true;
}

type PartTaker = Pick<RemoteLevel, 'putPart' | 'putPartList' | 'takesArtifact'>;
