import { bunWith } from './bun.ts';
import { contentSizeOf } from './zstd-frame.ts';

/** A compression method that the runtime has. */
export interface Codec {
  /** A level beyond what the method has counts as the nearest one. */
  compress(bytes: Uint8Array, level: number | undefined): Uint8Array;
  /** Throws if the result would be larger than `maximumSize` bytes, before it takes much more memory than that. */
  decompress(bytes: Uint8Array, maximumSize: number): Uint8Array;
}

interface BunCodecs {
  gzipSync(bytes: Uint8Array, options?: { level: number }): Uint8Array;
  zstdCompressSync(bytes: Uint8Array, options?: { level: number }): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array): Uint8Array;
}

/**
 * On Bun, the first `require` of `node:zlib` takes 5.6 ms. Bun's own functions take no time to load, but have no
 * limits.
 */
const bun = bunWith<BunCodecs>();

type Zlib = typeof import('node:zlib') & {
  zstdCompressSync?: (bytes: Uint8Array, options?: object) => Buffer;
  zstdDecompressSync?: (bytes: Uint8Array, options?: object) => Buffer;
  constants: { ZSTD_c_compressionLevel?: number };
};
const zlib = (): Zlib => process.getBuiltinModule('node:zlib') as Zlib;

/** The gzip of this runtime. */
export function gzip(): Codec {
  return bun ? bunGzip(bun) : nodeGzip();
}

/** The zstd of this runtime. Undefined on Node.js before 22.15. */
export function zstd(): Codec | undefined {
  return bun ? bunZstd(bun) : nodeZstd();
}

function bunGzip(codecs: BunCodecs): Codec {
  return {
    compress: (bytes, level) =>
      codecs.gzipSync(bytes, level === undefined ? undefined : { level: clamp(level, 1, 9) }),
    decompress: (bytes, maxOutputLength) => zlib().gunzipSync(bytes, { maxOutputLength }),
  };
}

function bunZstd(codecs: BunCodecs): Codec {
  return {
    compress: (bytes, level) =>
      codecs.zstdCompressSync(bytes, level === undefined ? undefined : { level: clamp(level, 1, 22) }),
    decompress: (bytes, maximumSize) => {
      const size = contentSizeOf(bytes);
      if (size !== undefined && size <= maximumSize) return codecs.zstdDecompressSync(bytes);
      // Node.js writes frames that do not contain the size of their contents.
      return nodeZstd()?.decompress(bytes, maximumSize) ?? new Uint8Array();
    },
  };
}

function nodeGzip(): Codec {
  return {
    compress: (bytes, level) =>
      zlib().gzipSync(bytes, level === undefined ? {} : { level: clamp(level, 1, 9) }),
    decompress: (bytes, maxOutputLength) => zlib().gunzipSync(bytes, { maxOutputLength }),
  };
}

function nodeZstd(): Codec | undefined {
  const { zstdCompressSync, zstdDecompressSync, constants } = zlib();
  if (!zstdCompressSync || !zstdDecompressSync) return undefined;
  return {
    compress: (bytes, level) =>
      zstdCompressSync(
        bytes,
        level === undefined
          ? {}
          : { params: { [constants.ZSTD_c_compressionLevel ?? 100]: clamp(level, 1, 22) } },
      ),
    decompress: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
  };
}

function clamp(level: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, level));
}
