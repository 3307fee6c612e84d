import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../../diagnostics/errors.ts';
import { newKeyPair } from '../../storage/wire/signing-keys.ts';
import { removeIfPossible } from '../../util/atomic-file.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { absolutePath } from '../../util/paths.ts';
import type { CliContext, OwnLine } from '../context.ts';

/** In the working folder, if the line names no other. */
const DEFAULT_NAME = 'clcache-key';
/** The rights of a file for its owner only, and of one for all. The umask takes away from both. */
const [PRIVATE, PUBLIC] = [0o600, 0o644];

/**
 * `clcache --make-key [FILE]`: makes a pair of keys that sign what is in shared stores: the private one in FILE, which only
 * its owner may read, and the public one in FILE.pub. No file that is there is touched. Shows the public key only.
 */
export function makeKey({ config, stdout, stderr }: CliContext, { value }: Pick<OwnLine, 'value'>): number {
  const file = absolutePath(config.style, config.workingDirectory, value || DEFAULT_NAME);
  const { privateText, publicText, id } = newKeyPair();
  const texts = [
    { path: file, text: `${privateText}\n`, mode: PRIVATE },
    { path: `${file}.pub`, text: `# clcache key ${id}\n${publicText}\n`, mode: PUBLIC },
  ];
  const made: string[] = [];
  for (const { path, text, mode } of texts) {
    try {
      const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
      made.push(path);
      writeWhole(descriptor, text);
    } catch (error) {
      for (const half of made) removeIfPossible(half);
      const because = errorCode(error) === 'EEXIST' ? 'there is a file of this name' : reasonOf(error);
      stderr(`clcache: no key was made: '${path}' cannot be written: ${because}\n`);
      return 1;
    }
  }
  stdout(
    [
      `${file} is the private key. Only machines that fill stores have it:`,
      `  CLCACHE_REMOTE_SIGN=${file}`,
      `${file}.pub is the public key. All machines that read stores have it:`,
      `  CLCACHE_REMOTE_TRUST=${publicText}`,
      '',
    ].join('\n'),
  );
  return 0;
}

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
}
