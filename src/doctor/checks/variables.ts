import type { Config } from '../../config/config.ts';
import { exposedKey, exposedSecret } from '../../config/private-settings.ts';
import { readSettings, settingsFileIn } from '../../config/settings-file.ts';
import { isTracked } from '../../config/tracker.ts';
import { variableProblems } from '../../config/variable-problems.ts';
import { logProblem } from '../../diagnostics/log-problem.ts';
import { hasRemotes } from '../../storage/open-store.ts';
import { type Finding, good, look } from '../finding.ts';

/** Settings that do not go together: where that is so, what is found, and what to do. */
const CONTRADICTIONS: readonly {
  readonly holds: (config: Config) => boolean;
  readonly found: string;
  readonly advice: string;
}[] = [
  {
    holds: (config) => config.remoteOnly && !hasRemotes(config),
    found: 'CLCACHE_REMOTE_ONLY does nothing where no store is named: the local folder is used',
    advice: 'set CLCACHE_REMOTE, or unset CLCACHE_REMOTE_ONLY',
  },
  {
    holds: (config) => config.remoteSecret !== undefined && !hasRemotes(config),
    found: 'CLCACHE_REMOTE_SECRET does nothing where no store is named',
    advice: 'set CLCACHE_REMOTE, or unset CLCACHE_REMOTE_SECRET',
  },
  {
    holds: ({ remoteOnly, remoteSign, remoteTrust }) =>
      remoteOnly && remoteTrust !== undefined && !remoteSign,
    found:
      'CLCACHE_REMOTE_ONLY keeps nothing of what is compiled here: CLCACHE_REMOTE_TRUST alone sends nothing',
    advice: 'unset CLCACHE_REMOTE_ONLY, or give this machine a CLCACHE_REMOTE_SIGN',
  },
  {
    holds: ({ hardLink, compress }) => hardLink && compress,
    found: 'CLCACHE_COMPRESS prevents the links of CLCACHE_HARDLINK: compressed outputs are copied',
    advice: 'unset one of them',
  },
  {
    holds: ({ compressionLevel, compress }) => compressionLevel !== undefined && !compress,
    found: 'CLCACHE_COMPRESSLEVEL does nothing without CLCACHE_COMPRESS',
    advice: 'set CLCACHE_COMPRESS=1, or unset CLCACHE_COMPRESSLEVEL',
  },
  {
    holds: ({ embedsDebug, databases }) => embedsDebug && databases !== undefined,
    found: 'CLCACHE_PDB does nothing beside CLCACHE_Z7, which leaves no databases',
    advice: 'unset one of them',
  },
  {
    holds: ({ direct, precompiledHeaders }) => !direct && precompiledHeaders,
    found: 'CLCACHE_PCH does nothing beside CLCACHE_NODIRECT: text does not show a precompiled header',
    advice: 'unset CLCACHE_NODIRECT',
  },
  {
    holds: ({ remoteOnly, hardLink }) => remoteOnly && hardLink,
    found: 'CLCACHE_HARDLINK does nothing beside CLCACHE_REMOTE_ONLY, which keeps no files here',
    advice: 'unset one of them',
  },
  {
    holds: ({ server, hashCache, environment, style }) =>
      server && !hashCache && !isTracked(environment, style),
    found: 'CLCACHE_NOHASHCACHE hashes every file again, and CLCACHE_SERVER remembers hashes',
    advice: 'unset one of them',
  },
  {
    holds: ({ lockTimeoutMs }) => lockTimeoutMs === 0,
    found: 'CLCACHE_OBJECT_CACHE_TIMEOUT_MS is 0: a lock that is not free at once means no cache',
    advice: 'unset it: a lock is held for milliseconds',
  },
  {
    holds: ({ profile }) => profile,
    found: 'CLCACHE_PROFILE writes a file into the working folder at each call',
    advice: 'unset it when you have what you look for',
  },
];

/** Variables that are unknown or misspelt, values that are not understood, and settings that contradict each other. */
export function checkVariables({ config }: { readonly config: Config }): Finding[] {
  const { environment, style, log, cacheDirectory } = config;
  // A settings file that cannot be read is the business of the check of the limit.
  const broken = readSettings(settingsFileIn(cacheDirectory)).problem;
  const problems = config.problems.filter((problem) => problem !== broken);
  const logging = log.kind === 'file' ? logProblem(log.path) : undefined;
  const exposed = [exposedSecret(settingsFileIn(cacheDirectory)), exposedKey(config.remoteSign)];
  const findings = [
    ...[
      ...variableProblems(environment, style),
      ...problems,
      ...exposed.filter((problem) => problem !== undefined),
    ].map((problem) => look(problem)),
    ...(logging === undefined
      ? []
      : [look(logging, 'name a file that can be written, or unset CLCACHE_LOG')]),
    ...CONTRADICTIONS.filter(({ holds }) => holds(config)).map(({ found, advice }) => look(found, advice)),
  ];
  return findings.length > 0 ? findings : [good('all are known, and none contradicts another')];
}
