/** The environment variables that clcache reads, one row each: help, README and `readConfig` follow this table. */

export interface VariableRow {
  readonly type:
    | 'switch'
    | 'folder'
    | 'folders'
    | 'program'
    | 'number'
    | 'log'
    | 'check'
    | 'stores'
    | 'options'
    | 'secret';
  /** As shown in the help. */
  readonly default: string;
  readonly help: string;
}

export const DEFAULT_LOCK_TIMEOUT_MS = 10_000;
export const DEFAULT_UPLOAD_LIMIT_MS = 5000;
export const DEFAULT_MAXIMUM_SIZE = 1_073_741_824;

export const VARIABLES = {
  CLCACHE_DIR: {
    type: 'folder',
    default: 'clcache in the home folder, or in %LOCALAPPDATA%',
    help: 'Folder of the cache.',
  },
  CLCACHE_CL: {
    type: 'program',
    default: 'cl.exe from PATH',
    help: 'The compiler; a bare name is looked up in PATH.',
  },
  CLCACHE_LOG: {
    type: 'log',
    default: 'off',
    help: 'Say what is done and why: on stderr, or in the file named here.',
  },
  CLCACHE_DISABLE: {
    type: 'switch',
    default: 'off',
    help: 'Hand every call to the compiler, without the cache.',
  },
  CLCACHE_HARDLINK: {
    type: 'switch',
    default: 'off',
    help: 'Hard-link objects out of the cache instead of copying them.',
  },
  CLCACHE_COMPRESS: {
    type: 'switch',
    default: 'off',
    help: 'Compress what is stored.',
  },
  CLCACHE_COMPRESSLEVEL: {
    type: 'number',
    default: "the method's own",
    help: 'How hard to compress: 1 (fast) to 9 (small), up to 22 where zstd is used.',
  },
  CLCACHE_NODIRECT: {
    type: 'switch',
    default: 'off',
    help: 'Decide on the preprocessed text instead of the contents of source and headers.',
  },
  CLCACHE_BASEDIR: {
    type: 'folders',
    default: 'none',
    help: 'Folders, separated by ";", below which it does not matter where a file lies.',
  },
  CLCACHE_SAFE_OPTIONS: {
    type: 'options',
    default: 'none',
    help: 'Options that clcache does not know and may take for safe, separated by blanks or ";": -x, or -x* for all that begin so.',
  },
  CLCACHE_OBJECT_CACHE_TIMEOUT_MS: {
    type: 'number',
    default: String(DEFAULT_LOCK_TIMEOUT_MS),
    help: 'How long to wait for a lock, in milliseconds, before a call goes on without the cache.',
  },
  CLCACHE_PROFILE: {
    type: 'switch',
    default: 'off',
    help: 'Say at the end where the time went.',
  },
  CLCACHE_COMPILER_CHECK: {
    type: 'check',
    default: 'content',
    help: "What makes it another compiler: 'content', 'mtime' (time and size), or 'string:TEXT'.",
  },
  CLCACHE_NOHASHCACHE: {
    type: 'switch',
    default: 'off',
    help: 'Read every file anew instead of trusting its size and times since it was last hashed.',
  },
  CLCACHE_MEMCACHED: {
    type: 'stores',
    default: 'none',
    help: 'Share entries through memcached: HOST:PORT[,HOST:PORT...].',
  },
  CLCACHE_REMOTE: {
    type: 'stores',
    default: 'none',
    help: 'Share entries through these stores: memcached, redis, rediss, http, https, s3 or file URLs.',
  },
  CLCACHE_REMOTE_ONLY: {
    type: 'switch',
    default: 'off',
    help: 'Keep entries in the remote stores only, not in the folder of the cache.',
  },
  CLCACHE_REMOTE_SECRET: {
    type: 'secret',
    default: 'none',
    help: 'Sign what is sent to remote stores, and take only what is signed so.',
  },
  CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS: {
    type: 'number',
    default: String(DEFAULT_UPLOAD_LIMIT_MS),
    help: 'How long a call may go on after its result was delivered, to send what is new, in milliseconds.',
  },
  CLCACHE_SERVER: {
    type: 'switch',
    default: 'off',
    help: 'Ask the hash server (clcache-server) for the hashes of files.',
  },
} as const satisfies Record<string, VariableRow>;

export type VariableName = keyof typeof VARIABLES;
