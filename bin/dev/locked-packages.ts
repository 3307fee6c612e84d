/** npm packages that only tests start: each has a lock file of its own in `test/fixtures`, and is installed below dist/. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './programs.ts';
import { Failure, ROOT } from './project.ts';

/** The part of a lock file (its format is npm's, "package-lock.json") that says where packages come from. */
interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
}

/** npm takes the registry that it is set to in place of any other one. */
const INSTALL = [
  'ci',
  '--replace-registry-host=always',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/** Installs what `fixture` (a folder with a package.json and a lock file) names into `folder`. Throws a `Failure`. */
export function installLocked(fixture: string, folder: string): void {
  cpSync(join(ROOT, fixture), folder, { recursive: true });
  const lockFile = join(folder, 'package-lock.json');
  const lock = readFileSync(lockFile, 'utf8');
  const install = (text: string) => {
    writeFileSync(lockFile, text);
    npm(INSTALL, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
  };
  try {
    install(JSON.stringify(withAddresses(JSON.parse(lock))));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // A registry may have its archives elsewhere.
    install(lock);
  }
}

/**
 * The lock with the address of each archive. Without it npm asks for all that is known of all versions of a package, to
 * learn the address: for Azurite these were 10 of 24 s of processor time. The host is none, so that it must be replaced.
 */
function withAddresses({ packages, ...others }: Lock): object {
  const located = Object.entries(packages).map(([path, locked]) => {
    const { name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version } = locked;
    if (path === '' || version === undefined) return [path, locked];
    const archive = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
    return [path, { resolved: `https://registry.invalid/${name}/-/${archive}`, ...locked }];
  });
  return { ...others, packages: Object.fromEntries(located) };
}
