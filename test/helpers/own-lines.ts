/** Lines with own options as users write them, valid and invalid, for each form in which the program is shipped. */
import assert from 'node:assert/strict';
import type { OptionName } from '../../src/cli/options.ts';

export interface OwnLine {
  /** `FOLDER/` begins a path in the test's own folder. */
  readonly line: readonly string[];
  /** What stdout must contain if the line is valid. */
  readonly says?: RegExp;
  /** What the one line on stderr must contain if it is not. */
  readonly complains?: RegExp;
  /** The exit statuses that a valid line may have here. Only 0 if it is missing. */
  readonly statuses?: readonly number[];
  /** The npm package, which is a script, cannot do it. */
  readonly needsExecutable?: true;
}

const right = (line: string, says: RegExp): OwnLine => ({ line: line.split(' '), says });
const wrong = (line: string, complains: RegExp): OwnLine => ({ line: line.split(' '), complains });

/** In this order: an archive is imported after it was exported. */
export const OWN_LINES: Readonly<Record<OptionName, readonly OwnLine[]>> = {
  help: [
    right('--help', /^Usage: clcache OPTION\r?\n[\s\S]*--set-size[\s\S]*CLCACHE_DIR/),
    right('-h', /^Usage: clcache OPTION\r?\n/),
    wrong('--help --version', /one option at a time/),
    wrong('--hlep', /no --hlep: did you mean --help \(-h\)\?/),
  ],
  version: [
    right('--version', /^clcache \d+\.\d+\.\d+\S*\r?\nLicence: BSD-3-Clause\r?\n/),
    wrong('--verson', /no --verson: did you mean --version\?/),
  ],
  stats: [
    right('-s', /^clcache statistics:\r?\n {2}current cache dir {9}: Disk cache at /),
    right('--stats', /cache hits/),
    wrong('--stats now', /'now' does not belong to --stats: see clcache --help/),
    wrong('-s -s', /--stats is given twice/),
    wrong('-sz', /one option at a time/),
    wrong('-s --jsn', /did you mean --json\?/),
    wrong('--stat', /did you mean --stats \(-s\)\?/),
    wrong('--show-stats', /no --show-stats, but --stats \(-s\)/),
    wrong('-p', /no -p, but --config/),
  ],
  json: [
    right('-s --json', /^\{\r?\n[\s\S]*"CacheHits": \d+,/),
    wrong('-z --json', /--json belongs to --stats/),
    wrong('--stats --jsno', /'--jsno' does not belong to --stats: did you mean --json\?/),
  ],
  summary: [
    right('--summary', /^clcache: [^\n]*\r?\n$/),
    wrong('--summary all', /'all' does not belong to --summary/),
    wrong('--sumary', /did you mean --summary\?/),
  ],
  report: [
    right('--report FOLDER/report.html', /^Report written to [^\n]*report\.html\r?\n$/),
    right('--report=FOLDER/Report.MD', /^Report written to [^\n]*Report\.MD\r?\n$/),
    wrong('--report FOLDER/report.txt', /--report takes a file that ends in \.html or \.md: '[^']*\.txt'/),
    wrong('--report FOLDER/html', /--report takes a file that ends in \.html or \.md/),
    wrong('--report FOLDER/gone/a.html', /'[^']*a\.html' cannot be written: no such file or directory/),
    wrong('--report', /argument missing/),
    wrong('--report FOLDER/a.html -s', /one option at a time/),
  ],
  why: [
    right('--why', /^(?:No build is known in this cache|The last build, )/),
    right('--why --json', /^\{\s+"build": /),
    wrong('--why nowhere.c', /nothing is known of 'nowhere\.c': /),
    wrong('--why nowhere.c other.c --json', /nothing is known of 'nowhere\.c', 'other\.c': /),
    wrong('--why --jsno', /'--jsno' does not belong to --why: did you mean --json\?/),
    wrong('--wy', /did you mean --why\?/),
  ],
  doctor: [
    // A place without a compiler has status 1.
    {
      ...right('--doctor', /(?:✓|✗|ok|X ) compiler[\s\S]*A build would (?:not )?be served/),
      statuses: [0, 1],
    },
    { ...right('--doctor --json', /"served": (?:true|false)[\s\S]*"check": "compiler"/), statuses: [0, 1] },
    wrong('--doctor all', /'all' does not belong to --doctor/),
    wrong('--docter', /did you mean --doctor\?/),
  ],
  checkRemote: [
    wrong('--check-remote', /no store is named in CLCACHE_REMOTE or CLCACHE_MEMCACHED/),
    { ...right('--check-remote --json', /"usable": false,[\s\S]*"no store is named/), statuses: [1] },
    wrong('--check-remote http://h', /'http:\/\/h' does not belong to --check-remote/),
    wrong('--check-remotes', /did you mean --check-remote\?/),
  ],
  sinceLastBuild: [
    right('-s --since-last-build', /\n {4}last build +: /),
    right('-s --since-last-build --json', /"OnlyOfBuild": /),
    wrong('-z --since-last-build', /--since-last-build belongs to --stats/),
    wrong('--stats --last-build', /'--last-build' does not belong to --stats/),
  ],
  reset: [
    right('-z', /^Statistics reset\r?\n$/),
    right('--reset', /^Statistics reset\r?\n$/),
    wrong('--zero-stats', /but --reset \(-z\)/),
    wrong('--reset all', /'all' does not belong to --reset/),
  ],
  setSize: [
    right('-M 5G', /^maximum cache size: 5,368,709,120 bytes\r?\n$/),
    right('-M5000', /: 5,000 bytes/),
    right('-M=64M', /: 67,108,864 bytes/),
    right('--set-size=3G', /: 3,221,225,472 bytes/),
    wrong('-M huge', /not a whole number of bytes: 'huge'/),
    wrong('-M=huge', /not a whole number of bytes: 'huge'/),
    wrong('-M 0', /must be greater than 0/),
    wrong('--set-size', /argument missing/),
    wrong('--max-size=5G', /no --max-size, but --set-size \(-M\)/),
  ],
  set: [
    right('--set CLCACHE_PDB=per-object', /^CLCACHE_PDB=per-object\r?\n$/),
    right('--set=clcache_compresslevel=5', /^CLCACHE_COMPRESSLEVEL=5\r?\n$/),
    right('--set CLCACHE_REMOTE_SECRET=hush', /^CLCACHE_REMOTE_SECRET=\(not shown\)\r?\n$/),
    wrong(
      '--set CLCACHE_REMOTE_SIGN=/hush',
      /not set: CLCACHE_REMOTE_SIGN is neither a key nor a file that can/,
    ),
    wrong(
      '--set CLCACHE_REMOTE_TRUST=ed25519-public:x',
      /not set: CLCACHE_REMOTE_TRUST holds something that is no/,
    ),
    right('--set CLCACHE_REMOTE_SIGN=', /^CLCACHE_REMOTE_SIGN=\(not shown\)\r?\n$/),
    right('--set CLCACHE_REMOTE=redis://me:hush@host', /^CLCACHE_REMOTE=redis:\/\/\*\*\*@host\r?\n$/),
    right('--set CLCACHE_REMOTE=', /^CLCACHE_REMOTE=\r?\n$/),
    wrong('--set MaximumCacheSize=5', /the limit is set with --set-size/),
    wrong('--set =1', /--set takes NAME=VALUE/),
    wrong('--set CLCACHE_COMPRESSLEVEL=high', /not set: CLCACHE_COMPRESSLEVEL is not a whole number: 'high'/),
    wrong(
      '--set CLCACHE_DIR=elsewhere',
      /CLCACHE_DIR cannot be set in config\.txt: the file lies in that folder/,
    ),
    wrong('--set CLCACHE_PBD=1', /CLCACHE_PBD is not a variable of clcache: did you mean CLCACHE_PDB\?/),
    wrong('--set CLCACHE_PDB', /--set takes NAME=VALUE: 'CLCACHE_PDB'/),
    wrong('--set CLCACHE_PDB 1', /--set takes NAME=VALUE in one word/),
    wrong('--set CLCACHE_PDB=bogus', /not set: CLCACHE_PDB: 'bogus' is neither per-object nor a word/),
    wrong('--set CLCACHE_REMOTE=nonsense', /not set: CLCACHE_REMOTE: store 1 is not used/),
    wrong('--set', /argument missing/),
    wrong('--set-config CLCACHE_PDB=1', /no --set-config, but --set/),
  ],
  config: [
    right('--config', /\n {2}CLCACHE_PDB +config\.txt +per-object\r?\n/),
    right('--config', /\n {2}CLCACHE_REMOTE_SECRET +config\.txt +\(not shown\)\r?\n/),
    right('--config --json', /"CLCACHE_COMPRESSLEVEL": \{\r?\n +"value": "5",\r?\n +"from": "config.txt"/),
    wrong('--config all', /'all' does not belong to --config/),
    wrong('--show-config', /no --show-config, but --config/),
  ],
  unset: [
    right('--unset CLCACHE_PDB', /^CLCACHE_PDB is no longer set in config\.txt\r?\n$/),
    right('--unset CLCACHE_COMPRESSLEVEL', /no longer set/),
    right('--unset CLCACHE_REMOTE_SECRET', /no longer set/),
    right('--unset CLCACHE_REMOTE_SECRET', /was not set/),
    wrong('--unset CLCACHE_COLOUR', /CLCACHE_COLOUR is not a variable of clcache/),
  ],
  clean: [
    right('-c', /^Cache cleaned\r?\n$/),
    right('--clean', /^Cache cleaned\r?\n$/),
    wrong('-c -C', /one option at a time/),
    wrong('--cleanup', /but --clean \(-c\)/),
  ],
  evictOlderThan: [
    right('--evict-older-than 30d', /^Evicted 0 entries \(0 bytes\); left: 0 entries \(\d+ bytes\)\r?\n$/),
    right('--evict-older-than=0s --json', /"evicted": \{\r?\n +"entries": 0,/),
    wrong('--evict-older-than 30', /takes 90s, 30m, 12h or 30d: '30'/),
    wrong('--evict-older-than', /argument missing/),
  ],
  export: [
    right('--export FOLDER/archive', /^Exported \d+ entries and \d+ manifests, \d+ bytes\r?\n$/),
    wrong('--export FOLDER/sub', /is not an ordinary file and was not replaced/),
    wrong(
      '--export FOLDER/gone/archive',
      /^clcache: '[^']*[\\/]gone[\\/]archive' cannot be written: no such file or directory\r?\n$/,
    ),
    wrong('--export', /argument missing/),
  ],
  since: [
    right('--export FOLDER/archive --since 2h', /^Exported /),
    right('--since=last-build --export FOLDER/archive', /^Exported /),
    wrong('--export FOLDER/archive --since soon', /--since takes [^\n]*'soon'/),
    wrong('-s --since 2h', /--since belongs to --export/),
  ],
  import: [
    right('--import FOLDER/archive', /^Imported \d+ entries and \d+ manifests\r?\n$/),
    wrong('--import FOLDER/text', /is not an archive of clcache/),
    wrong('--import FOLDER/sub', /is not an archive of clcache/),
    wrong(
      '--import FOLDER/gone',
      /^clcache: '[^']*[\\/]gone' cannot be read: no such file or directory\r?\n$/,
    ),
  ],
  clear: [
    right('-C', /^Cache cleared\r?\n$/),
    right('--clear', /^Cache cleared\r?\n$/),
    wrong('--claer', /did you mean --clear \(-C\)\?/),
  ],
  makeKey: [
    right('--make-key FOLDER/key', /\r?\n {2}CLCACHE_REMOTE_TRUST=ed25519-public:[\w-]{43}\r?\n$/),
    wrong(
      '--make-key=FOLDER/key',
      /no key was made: '[^']*key' cannot be written: there is a file of this name/,
    ),
    wrong('--make-key FOLDER/none/key', /no such file or directory/),
    wrong('--make-key FOLDER/a FOLDER/b', /does not belong to --make-key/),
    wrong('--make-key -x', /'-x' does not belong to --make-key/),
    wrong('--make-keys', /did you mean --make-key\?/),
  ],
  linkAs: [
    { ...right('--link-as FOLDER/bin/cl.exe', /[\\/]bin[\\/]cl\.exe\r?\n$/), needsExecutable: true },
    wrong('--link-as FOLDER/sub', /cannot be made: (?:it is a folder|Node\.js runs this clcache)/),
    wrong('--link-as', /argument missing/),
    wrong('--link-as FOLDER/a FOLDER/b', /does not belong to --link-as/),
  ],
  where: [
    right('--where', /^[^\n]*[\\/]clcache(?:\.exe|\.js|\.cjs)?\r?\n$/),
    wrong('--where cl', /'cl' does not belong to --where/),
    wrong('--were', /did you mean --where\?/),
  ],
  msbuild: [
    right('--msbuild', /<Import Project="[^"]*clcache\.props"/),
    wrong('--msbuild --cmake', /one option at a time/),
  ],
  cmake: [
    right('--cmake', /include\("[^"]*Clcache\.cmake"\)/),
    wrong('--cmake -s -z', /one option at a time/),
  ],
};

export interface ServerLine extends OwnLine {
  /** True for a line that starts a server, which ends by itself. */
  readonly starts?: true;
}

/** By the long names of the hash server's options. */
export const SERVER_LINES: Readonly<Record<string, readonly ServerLine[]>> = {
  '--help': [
    right('--help', /^Usage: clcache-server \[OPTION\.\.\.\]\r?\n[\s\S]*--exclude/),
    right('-h', /^Usage: clcache-server/),
    wrong('--hlep', /unknown option '--hlep'/),
  ],
  '--version': [
    right('--version', /^clcache-server \d+\.\d+\.\d+\S*\r?\nLicence: BSD-3-Clause\r?\n$/),
    wrong('--version now', /too many arguments/),
  ],
  '--exclude': [
    { ...right('--exclude build --exclude=x --idle-timeout 0.05', /listening at /), starts: true },
    wrong('--exclude (', /not a regular expression/),
    wrong('--exclude', /argument missing/),
  ],
  '--disable_watching': [
    { ...right('--disable_watching --idle-timeout=0.05', /listening at /), starts: true },
    wrong('--disable-watching', /unknown option '--disable-watching'/),
  ],
  '--idle-timeout': [
    { ...right('--idle-timeout 0.05', /listening at /), starts: true },
    wrong('--idle-timeout soon', /not a number of seconds/),
    wrong('--idle-timeout=-1', /not a number of seconds/),
  ],
};

/** Checks the result of a line: output and status 0, or one line on stderr, nothing else, and status 1. */
export function checkOwnLine(
  { line, says, complains, statuses = [0] }: OwnLine,
  end: {
    readonly status: number | null | undefined;
    readonly stdout: Uint8Array;
    readonly stderr: Uint8Array;
  },
  program = 'clcache',
): void {
  const text = line.join(' ');
  const [stdout, stderr] = [Buffer.from(end.stdout).toString(), Buffer.from(end.stderr).toString()];
  if (says) {
    assert.equal(stderr, '', text);
    assert.match(stdout, says, text);
    assert.ok(statuses.includes(end.status ?? -1), `${text}: ${end.status}`);
    return;
  }
  assert.deepEqual([end.status, stdout], [1, ''], `${text}: ${stderr}`);
  assert.match(stderr, /^[^\r\n]+\r?\n$/, text);
  assert.ok(stderr.startsWith(`${program}: `), stderr);
  assert.match(stderr, complains ?? /^$/, text);
}
