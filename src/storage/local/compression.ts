import type { Compression } from '../../cache/artifact.ts';
import { type Codec, gzip, zstd } from '../../runtime/codecs.ts';

const NO_CODEC: Codec = { compress: (bytes) => bytes, decompress: (bytes) => bytes };

/** The codec for a tag. Undefined if this runtime has none (zstd on Node.js before 22.15). */
export function codecOf(compression: Compression): Codec | undefined {
  switch (compression) {
    case 'none':
      return NO_CODEC;
    case 'gzip':
      return gzip();
    case 'zstd':
      return zstd();
  }
}

/** The best method of this runtime. */
export function preferredCompression(): Compression {
  return zstd() ? 'zstd' : 'gzip';
}
