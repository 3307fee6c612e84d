/** The versions of Node.js that the npm package is for: real programs from the npm registry, kept between runs. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from '../../bin/dev/project.ts';
import { succeed } from './cmake-builds.ts';
import { run } from './compilers.ts';

const NODES = join(DIST, 'test-nodes');

type NodeVersion = 'this' | '20' | '22' | '24';

const isThis = (version: NodeVersion) =>
  version === 'this' || process.versions.node.startsWith(`${version}.`);

/** `this` is the one that runs the tests. Another one of its major version is not tried as well. */
export const NODE_VERSIONS: readonly NodeVersion[] = [
  'this',
  ...(['20', '22', '24'] as const).filter((version) => !isThis(version)),
];

/** The program of a version, fetched once. Test files run side by side: each may fetch it, and the first one counts. */
export async function nodeOf(version: NodeVersion): Promise<string> {
  if (isThis(version)) return process.execPath;
  const home = join(NODES, version);
  const node = join(home, 'package/bin/node');
  if (existsSync(node)) return node;
  mkdirSync(NODES, { recursive: true });
  const fetched = mkdtempSync(`${home}-`);
  const name = `node-${process.platform}-${process.arch}@${version}`;
  await npm(fetched, ['pack', name, '--silent', '--pack-destination', fetched]);
  const archive = readdirSync(fetched).find((file) => file.endsWith('.tgz')) ?? '';
  succeed(await run('tar', ['-xzf', join(fetched, archive), '-C', fetched, 'package/bin/node']));
  rmSync(join(fetched, archive));
  if (!existsSync(node)) renameSync(fetched, home);
  return node;
}

/** Runs npm in a folder and returns what it prints. Throws if it fails. */
export async function npm(cwd: string, args: readonly string[]): Promise<string> {
  // The registry may be behind a certificate of one's own.
  const env = { NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] };
  const { status, stdout, stderr } = await run('npm', args, { cwd, env });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  return String(stdout);
}
