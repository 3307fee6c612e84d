import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** What stands in for Windows on a Linux host; every value is the path of a program. */
export interface HostTools {
  readonly wine: string;
  readonly wineserver: string;
  readonly mingw: string;
  /** The newest clang-cl there is. */
  readonly clangCl: string;
}

const DEBIAN_PACKAGES = ['wine', 'wine64', 'gcc-mingw-w64-x86-64', 'clang-tools'];

/** Finds Wine, mingw and clang-cl, installs them from Debian's packages where that is possible, or says how to. */
export function hostTools(): HostTools {
  const found = findHostTools();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { stdio: 'ignore', env });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES], {
      stdio: 'ignore',
      env,
    });
    const installed = findHostTools();
    if (installed) return installed;
  }
  throw new Error(
    `The Windows tests need Wine, mingw and clang-cl: apt-get install --no-install-recommends ${DEBIAN_PACKAGES.join(' ')}`,
  );
}

function findHostTools(): HostTools | undefined {
  const wine = firstExisting(['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine']);
  const wineserver = firstExisting(['/usr/lib/wine/wineserver64', '/usr/bin/wineserver']);
  const mingw = firstExisting(['/usr/bin/x86_64-w64-mingw32-gcc']);
  const clangCl = newestClangCl();
  return wine && wineserver && mingw && clangCl ? { wine, wineserver, mingw, clangCl } : undefined;
}

function firstExisting(paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

function newestClangCl(): string | undefined {
  const versions = readdirSync('/usr/bin')
    .map((name) => /^clang-cl-(\d+)$/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .map(Number)
    .sort((a, b) => b - a);
  return versions[0] === undefined
    ? firstExisting(['/usr/bin/clang-cl'])
    : `/usr/bin/clang-cl-${versions[0]}`;
}
