/** The environment variables that clcache reads, one row each. The help is made from this table. */

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
  /** The default as the help shows it. */
  readonly default: string;
  readonly help: string;
}

export const DEFAULT_LOCK_TIMEOUT_MS = 10_000;
export const DEFAULT_SERVER_TIMEOUT_MS = 50;
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
    help: 'The compiler. A bare name is looked up in PATH.',
  },
  CLCACHE_LOG: {
    type: 'log',
    default: 'off',
    help: 'Log what is done and why: on stderr if set to 1, else in the file that it names.',
  },
  CLCACHE_DISABLE: {
    type: 'switch',
    default: 'off',
    help: 'Run the compiler without the cache.',
  },
  CLCACHE_HARDLINK: {
    type: 'switch',
    default: 'off',
    help: 'Hard-link outputs from the cache instead of copying them.',
  },
  CLCACHE_COMPRESS: {
    type: 'switch',
    default: 'off',
    help: 'Compress what is stored.',
  },
  CLCACHE_COMPRESSLEVEL: {
    type: 'number',
    default: "the method's own",
    help: 'Compression level: 1 (fast) to 9 (small), up to 22 where zstd is used.',
  },
  CLCACHE_NODIRECT: {
    type: 'switch',
    default: 'off',
    help: 'Preprocessor mode: look up by the preprocessed text instead of by source and headers.',
  },
  CLCACHE_BASEDIR: {
    type: 'folders',
    default: 'none',
    help: 'Base directories, separated by ";". Paths below them count relative to them.',
  },
  CLCACHE_SAFE_OPTIONS: {
    type: 'options',
    default: 'none',
    help: 'Unknown options to treat as safe, separated by blanks or ";": -x, or -x* for all that begin with -x.',
  },
  CLCACHE_OBJECT_CACHE_TIMEOUT_MS: {
    type: 'number',
    default: String(DEFAULT_LOCK_TIMEOUT_MS),
    help: 'How long to wait for a lock, in milliseconds. After that the call runs without the cache.',
  },
  CLCACHE_PROFILE: {
    type: 'switch',
    default: 'off',
    help: 'Write where the time went to clcache-<pid>.trace.json in the working folder.',
  },
  CLCACHE_COMPILER_CHECK: {
    type: 'check',
    default: 'content',
    help: 'How a compiler is identified: content, mtime (times and sizes), or string:TEXT.',
  },
  CLCACHE_NOHASHCACHE: {
    type: 'switch',
    default: 'off',
    help: 'Hash every file again, also if its size and times are as when it was last hashed.',
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
    help: 'Keep entries in the remote stores only, not in the local folder.',
  },
  CLCACHE_REMOTE_SECRET: {
    type: 'secret',
    default: 'none',
    help: 'Sign what is sent to remote stores, and accept only what is signed with this secret.',
  },
  CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS: {
    type: 'number',
    default: String(DEFAULT_UPLOAD_LIMIT_MS),
    help: 'How long a call may send to remote stores after its result was delivered, in milliseconds.',
  },
  CLCACHE_SERVER: {
    type: 'switch',
    default: 'off',
    help: 'Ask the hash server (clcache-server) for hashes that are not remembered.',
  },
  CLCACHE_SERVER_TIMEOUT_MS: {
    type: 'number',
    default: String(DEFAULT_SERVER_TIMEOUT_MS),
    help: 'How long to wait for the hash server before a call hashes for itself, in milliseconds.',
  },
} as const satisfies Record<string, VariableRow>;

export type VariableName = keyof typeof VARIABLES;
