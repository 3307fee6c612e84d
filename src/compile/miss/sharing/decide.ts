import { isUnreadableTree } from '../../../cache/tree-binding.ts';
import { type OpenChannel, openChannels } from './channels.ts';
import { CONSUMERS, type Consumer, doubtfulOption, isPresent } from './consumers.ts';
import type { MapKind, SharingFacts } from './facts.ts';
import { isMapped, isWorkingFolderConstant } from './maps.ts';
import { pathSpelledByText } from './text-paths.ts';

/** Whether other trees may have a result. If not, `because` is the reason, an English phrase. */
export type Sharing = { readonly kind: 'shared' } | { readonly kind: 'bound'; readonly because: string };

/**
 * Decides from the call whether its result would be the same in another tree: no channel by which a path of this tree
 * reached the compiler may meet a consumer that puts it into an output. Examines no output, except for the hashes in
 * Microsoft's names.
 */
export function decideSharing(facts: SharingFacts): Sharing {
  if (isUnreadableTree(facts.roots)) return bound('the tree has a name that could be spelled in other ways');
  const spelled = pathSpelledByText(facts);
  if (spelled !== undefined) return bound(`a text spells a path of the tree: ${spelled}`);
  const channels = openChannels(facts);
  if ('unknown' in channels) return bound(`a path of the tree is in ${channels.unknown}`);
  const doubtful = doubtfulOption(facts);
  if (doubtful !== undefined) return bound(`it is unknown what ${doubtful} does with paths`);
  for (const consumer of CONSUMERS) {
    const open = channels.find(({ channel }) => consumer.takes.includes(channel));
    if (!open || !isPresent(consumer, facts)) continue;
    const met = channels.find((one) => meets(facts, consumer, one));
    if (met) return bound(`${consumer.title} depends on ${CHANNEL_NAMES[met.channel]}: ${met.by}`);
  }
  return { kind: 'shared' };
}

const CHANNEL_NAMES: Readonly<Record<OpenChannel['channel'], string>> = {
  workingFolder: 'the working folder',
  fileNames: 'names of files',
  outputNames: 'names of outputs',
  commandLine: 'the command line',
};

function meets(facts: SharingFacts, { takes, mappedBy }: Consumer, { channel, path }: OpenChannel): boolean {
  if (!takes.includes(channel)) return false;
  if (mappedBy === undefined) return true;
  const isCovered = (kind: MapKind) =>
    channel === 'workingFolder' ? isWorkingFolderConstant(facts, kind) : isMapped(facts, kind, path);
  return !mappedBy.every(isCovered);
}

function bound(because: string): Sharing {
  return { kind: 'bound', because };
}
