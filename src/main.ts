import { realpathSync, writeSync } from 'node:fs';
import { dispatch, mayBeMistaken } from './cli/dispatch.ts';
import { readConfig } from './config/config.ts';
import { recordProfile, unprofiled } from './diagnostics/profile.ts';
import { createTrace } from './diagnostics/trace.ts';
import { errorCode, pauseSync } from './util/busy-retry.ts';
import { endWithWholeStatus } from './util/windows-status.ts';

/** The executable is the hash server under the names of that: one file of 114 MB, not two. */
const IS_HASH_SERVER = /[\\/](?:clcache-server|clcachesrv)(?:\.exe)?$/i;

/** Runs one call of the program. Nothing here is loaded that a cache hit does not need. */
async function main(argv: readonly string[]): Promise<number> {
  const config = readConfig(process);
  if (mayBeMistaken(argv)) {
    const { explainMistake } = await import('./cli/mistakes.ts');
    const mistake = explainMistake(argv);
    if (mistake !== undefined) {
      writeTo(2)(`clcache: ${mistake}\n`);
      return 1;
    }
  }
  if (dispatch(argv).kind === 'own') {
    const { runOwn } = await import('./cli/program.ts');
    const { isTTY: isTerminal = false } = process.stderr;
    return runOwn(argv, { config, self: ownPath(), stdout: writeTo(1), stderr: writeTo(2), isTerminal });
  }
  const trace = createTrace(config.log);
  for (const problem of config.problems) trace(() => problem);
  const { compileRequest } = await import('./compile/compile-request.ts');
  const recorded = config.profile ? recordProfile() : undefined;
  const profile = recorded?.profile ?? unprofiled;
  const context = { config, trace, profile, self: ownPath(), stdout: writeTo(1), stderr: writeTo(2) };
  const status = await compileRequest(argv, context);
  if (recorded) {
    const { lockWaits } = await import('./util/file-lock.ts');
    for (const { lockPath, start, end } of lockWaits()) recorded.add(`wait for ${lockPath}`, start, end);
    recorded.write(config.workingDirectory);
  }
  return status;
}

/** The file that people start: the executable that we are compiled into, or the script that Node runs. */
function ownPath(): string {
  const script = process.argv[1];
  const isCompiledIn = script === undefined || /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/.test(script);
  const path = isCompiledIn ? process.execPath : script;
  try {
    return realpathSync(path);
  } catch {
    // Replaced by another version while it starts: Linux says `/path/clcache (deleted)`. No reason to fail a build.
    return path.replace(/ \(deleted\)$/, '');
  }
}

/** Writes all of it before it returns: streams of Node would be a module to load, and could be cut off at exit. */
function writeTo(descriptor: 1 | 2): (output: string | Uint8Array) => void {
  return (output) => {
    const bytes = typeof output === 'string' ? Buffer.from(output) : output;
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(descriptor, bytes, written);
      } catch (error) {
        // A pipe that is set not to block and is full for now. Whoever reads it is slower than we are.
        if (errorCode(error) !== 'EAGAIN') return;
        pauseSync(1);
      }
    }
  };
}

function end(error: unknown): never {
  writeTo(2)(`clcache: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

if (IS_HASH_SERVER.test(process.execPath)) {
  import('./server-main.ts').catch(end);
} else {
  main(process.argv.slice(2)).then(async (status) => {
    await endWithWholeStatus(status);
    process.exit(status);
  }, end);
}
