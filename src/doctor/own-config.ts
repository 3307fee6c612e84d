import type { Config } from '../config/config.ts';

/** What differs from the user's configuration in a call that the doctor makes. */
export interface OwnPlaces {
  readonly cacheDirectory: string;
  readonly workingDirectory?: string;
  /** The compiler. The user's setting if it is missing. */
  readonly compiler?: string | undefined;
}

/** The cache folder for what is learnt of compilers, in the temporary folder of an examination. */
export function learntFolder(room: string): string {
  return `${room}/learnt`;
}

/**
 * The user's configuration for a call that leaves no trace: with another cache folder, and without stores, hash server,
 * profile and log.
 */
export function ownConfig(config: Config, { cacheDirectory, workingDirectory, compiler }: OwnPlaces): Config {
  const { remote: _remote, memcached: _memcached, compiler: _compiler, ...rest } = config;
  const chosen = compiler ?? config.compiler;
  return {
    ...rest,
    cacheDirectory,
    remoteOnly: false,
    server: false,
    profile: false,
    terminal: undefined,
    ...(chosen !== undefined && { compiler: chosen }),
    ...(workingDirectory !== undefined && { workingDirectory, isFolderGone: false }),
  };
}
