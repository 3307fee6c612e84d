/**
 * The environment variables that clcache reads, one row each. The configuration, its types, the help and the complaints
 * about odd values are made from this table, and the README's table is compared with it.
 */
import { cacheFolder } from './cache-folder.ts';
import {
  compilerCheck,
  compressionLevel,
  databases,
  folders,
  type Kind,
  keys,
  log,
  onOff,
  onUnlessSet,
  options,
  program,
  remembersHashes,
  secret,
  stores,
  umask,
  wholeNumber,
} from './kinds.ts';

export interface VariableRow {
  /** The name of the value in the configuration. */
  readonly setting: string;
  /** How the text is read, and what is used without one. */
  readonly kind: Kind<unknown>;
  readonly help: string;
  /** Why the variable cannot be set in `config.txt`. Missing if it can. */
  readonly notInFile?: string;
  /** True if the value is never shown. */
  readonly isSecret?: true;
}

export const DEFAULT_LOCK_TIMEOUT_MS = 10_000;

export const VARIABLES = {
  CLCACHE_DIR: {
    setting: 'cacheDirectory',
    kind: cacheFolder,
    help: 'Folder of the cache.',
    notInFile: 'the file lies in that folder',
  },
  CLCACHE_CL: {
    setting: 'compiler',
    kind: program,
    help: 'The compiler. A bare name is looked up in PATH.',
  },
  CLCACHE_LOG: {
    setting: 'log',
    kind: log,
    help: 'Log what is done and why: on stderr if set to 1, else in the file that it names.',
  },
  CLCACHE_DISABLE: {
    setting: 'disabled',
    kind: onOff,
    help: 'Run the compiler without the cache.',
  },
  CLCACHE_UMASK: {
    setting: 'umask',
    kind: umask,
    help: 'Rights that files and folders in the cache folder lack, octal: 002 for a group that shares it, 077 for one user.',
  },
  CLCACHE_HARDLINK: {
    setting: 'hardLink',
    kind: onOff,
    help: 'Hard-link outputs from the cache instead of copying them.',
  },
  CLCACHE_COMPRESS: {
    setting: 'compress',
    kind: onOff,
    help: 'Compress what is stored.',
  },
  CLCACHE_COMPRESSLEVEL: {
    setting: 'compressionLevel',
    kind: compressionLevel,
    help: 'Compression level: 1 (fast) to 9 (small), up to 22 where zstd is used.',
  },
  CLCACHE_NODIRECT: {
    setting: 'direct',
    kind: onUnlessSet,
    help: 'Preprocessor mode: look up by the preprocessed text instead of by source and headers.',
  },
  CLCACHE_BASEDIR: {
    setting: 'baseDirectories',
    kind: folders,
    help: 'Base directories, separated by ";". Paths below them count relative to them.',
  },
  CLCACHE_SAFE_OPTIONS: {
    setting: 'safeOptions',
    kind: options,
    help: 'Unknown options to treat as safe, separated by blanks or ";": -x, or -x* for all that begin with -x.',
  },
  CLCACHE_Z7: {
    setting: 'embedsDebug',
    kind: onOff,
    help: 'Compile /Zi and /ZI as /Z7, so that the debug information is in the object and can be cached.',
  },
  CLCACHE_PDB: {
    setting: 'databases',
    kind: databases,
    help: 'Cache /Zi with its database: 1 where /Fd names one for each source, per-object to give each object its own.',
  },
  CLCACHE_PCH: {
    setting: 'precompiledHeaders',
    kind: onOff,
    help: 'Cache precompiled headers of cl, /Yc and /Yu, on this machine. Those of clang-cl are cached anyway.',
  },
  CLCACHE_OBJECT_CACHE_TIMEOUT_MS: {
    setting: 'lockTimeoutMs',
    kind: wholeNumber(DEFAULT_LOCK_TIMEOUT_MS),
    help: 'How long to wait for a lock, in milliseconds. After that the call runs without the cache.',
  },
  CLCACHE_PROFILE: {
    setting: 'profile',
    kind: onOff,
    help: 'Write where the time went to clcache-<pid>.trace.json in the working folder.',
  },
  CLCACHE_COMPILER_CHECK: {
    setting: 'compilerCheck',
    kind: compilerCheck,
    help: 'How a compiler is identified: content, mtime (times and sizes), or string:TEXT.',
  },
  CLCACHE_NOHASHCACHE: {
    setting: 'hashCache',
    kind: remembersHashes,
    help: 'Hash every file again, also if its size and times are as when it was last hashed.',
  },
  CLCACHE_MEMCACHED: {
    setting: 'memcached',
    kind: stores,
    help: 'Share entries through memcached: HOST:PORT[,HOST:PORT...].',
  },
  CLCACHE_REMOTE: {
    setting: 'remote',
    kind: stores,
    help: 'Share entries through these stores: memcached, redis, rediss, http, https, s3, azblob or file URLs.',
  },
  CLCACHE_REMOTE_ONLY: {
    setting: 'remoteOnly',
    kind: onOff,
    help: 'Keep entries in the remote stores only, not in the local folder.',
  },
  CLCACHE_RESHARE: {
    setting: 'reshare',
    kind: onOff,
    help: 'Offer what the local folder serves to the remote stores as well, each entry once a day.',
  },
  CLCACHE_REMOTE_SECRET: {
    setting: 'remoteSecret',
    kind: secret,
    help: 'Sign what is sent to remote stores, and accept only what is signed with this secret.',
    isSecret: true,
  },
  CLCACHE_REMOTE_SIGN: {
    setting: 'remoteSign',
    kind: keys,
    help: 'Sign what is sent to remote stores with this private key of Ed25519: a file, or the key itself.',
    isSecret: true,
  },
  CLCACHE_REMOTE_TRUST: {
    setting: 'remoteTrust',
    kind: keys,
    help: 'Accept only what is signed with one of these keys: public keys or files of them, separated by ";".',
  },
  CLCACHE_REMOTE_UPLOAD_TIMEOUT_MS: {
    setting: 'uploadLimitMs',
    kind: wholeNumber(5000),
    help: 'How long a call may send to remote stores after its result was delivered, in milliseconds.',
  },
  CLCACHE_SERVER: {
    setting: 'server',
    kind: onOff,
    help: 'Ask the hash server (clcache-server) for hashes that are not remembered.',
  },
  CLCACHE_SERVER_TIMEOUT_MS: {
    setting: 'serverTimeoutMs',
    kind: wholeNumber(50),
    help: 'How long to wait for the hash server before a call hashes for itself, in milliseconds.',
  },
} as const satisfies Record<string, VariableRow>;

export type VariableName = keyof typeof VARIABLES;

export function isVariableName(name: string): name is VariableName {
  return Object.hasOwn(VARIABLES, name);
}

type Rows = typeof VARIABLES;
type ValueOf<Name extends VariableName> = ReturnType<Rows[Name]['kind']['read']>;
type Required = { [Name in VariableName]: undefined extends ValueOf<Name> ? never : Name }[VariableName];

/** The values of all variables, under their names in the configuration. Without one, some are missing. */
export type Settings = {
  readonly [Name in Required as Rows[Name]['setting']]: ValueOf<Name>;
} & {
  readonly [Name in Exclude<VariableName, Required> as Rows[Name]['setting']]?: NonNullable<ValueOf<Name>>;
};
