/** `npm ci` with half of its work. In JavaScript, because `start.mjs` needs it before there is anything for TypeScript. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm takes the registry that it is set to in place of any other one. */
const INSTALL = ['ci', '--replace-registry-host=always', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what the lock file in `folder` names. It is overwritten, so it must be a copy. Returns npm's output if npm fails.
 *
 * Our lock files do not say where an archive is, since they name no registry. Then npm asks for all that is known of all
 * versions of each package, to learn the address: for Azurite these were 10 of 24 s of processor time.
 */
export function npmCi(folder, options = []) {
  const lockFile = join(folder, 'package-lock.json');
  const lock = readFileSync(lockFile, 'utf8');
  writeFileSync(lockFile, JSON.stringify(withAddresses(JSON.parse(lock))));
  if (npm(folder, [...INSTALL, ...options]) === undefined) return undefined;
  // A registry may have its archives elsewhere.
  writeFileSync(lockFile, lock);
  return npm(folder, [...INSTALL, ...options]);
}

/** The lock with the address of each archive. The host is none, so that it must be replaced. */
function withAddresses({ packages, ...others }) {
  const located = Object.entries(packages).map(([path, locked]) => {
    const { name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version } = locked;
    if (path === '' || version === undefined) return [path, locked];
    const archive = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
    return [path, { resolved: `https://registry.invalid/${name}/-/${archive}`, ...locked }];
  });
  return { ...others, packages: Object.fromEntries(located) };
}

/** Runs npm: through the script that started us where there is one, since npm.cmd needs a shell on Windows. */
function npm(cwd, args) {
  const started = process.env.npm_execpath;
  const [program, words, shell] = started?.endsWith('npm-cli.js')
    ? [process.execPath, [started, ...args], false]
    : ['npm', args, process.platform === 'win32'];
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd, shell, encoding: 'utf8' });
  return status === 0 ? undefined : `npm ci: ${error?.message ?? `${stdout}${stderr}`}`;
}
