/** A registry as a company has it (verdaccio), on a loopback port. It knows what a test publishes, and nothing else. */

import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installLocked } from '../../bin/dev/locked-packages.ts';
import { DIST } from '../../bin/dev/project.ts';
import { type RunResult, run } from './compilers.ts';
import { startProgram } from './remote-servers.ts';

/** The registry's own packages: only this helper needs them. They are kept between runs. */
const FIXTURE = 'test/fixtures/registry';
const HOME = join(DIST, 'test-registry');

export interface NpmRegistry {
  /** Runs npm against this registry, with this Node.js or that of the tests. Its own cache is in `folder`. */
  npm(
    args: readonly string[],
    options?: { readonly node?: string; readonly cwd?: string },
  ): Promise<RunResult>;
  stop(): Promise<void>;
}

/** Starts an empty registry that keeps all of its files in `folder`. */
export async function startNpmRegistry(folder: string): Promise<NpmRegistry> {
  const program = installedRegistry();
  const configuration = join(folder, 'verdaccio.yaml');
  writeFileSync(configuration, configurationText(folder));
  const server = await startProgram((port) => [
    process.execPath,
    [program, '--config', configuration, '--listen', `127.0.0.1:${port}`],
  ]);
  const settings = join(folder, 'npmrc');
  const address = `//127.0.0.1:${server.port}/`;
  writeFileSync(settings, settingsText(address, join(folder, 'npm-cache')));
  return {
    npm: (args, { node = process.execPath, cwd = folder } = {}) =>
      run(node, [npmScript(), ...args], { cwd, env: environmentFor(settings, node) }),
    stop: () => server.stop(),
  };
}

/** What is published with any user name can be read and replaced by everyone. Other registries are not asked. */
const configurationText = (folder: string) => `storage: ${folder}/storage
auth: { htpasswd: { file: ${folder}/htpasswd } }
packages: { '**': { access: $all, publish: $all } }
max_body_size: 300mb
web: { enable: false }
log: { type: stdout, format: pretty, level: error }
`;

const settingsText = (address: string, cache: string) => `registry=http:${address}
${address}:_authToken=any
cache=${cache}
audit=false
fund=false
update-notifier=false
`;

/** The start script of the registry, which is installed if it is not there. */
function installedRegistry(): string {
  const script = join(HOME, 'node_modules/verdaccio/bin/verdaccio');
  if (existsSync(script)) return script;
  mkdirSync(DIST, { recursive: true });
  const made = mkdtempSync(`${HOME}-`);
  installLocked(FIXTURE, made);
  rmSync(HOME, { recursive: true, force: true });
  renameSync(made, HOME);
  return script;
}

/** npm's own script, which any Node.js can run. */
function npmScript(): string {
  const started = process.env['npm_execpath'];
  if (started?.endsWith('npm-cli.js')) return started;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const npmLink = folders.map((folder) => join(folder, 'npm')).find((path) => existsSync(path));
  if (npmLink === undefined) throw new Error('npm is not on PATH');
  return realpathSync(npmLink);
}

/** None of the settings that npm hands on to the tests, and `node` first on PATH. */
function environmentFor(settings: string, node: string): Record<string, string | undefined> {
  const inherited = Object.keys(process.env).filter((name) => /^npm_/i.test(name));
  return {
    ...Object.fromEntries(inherited.map((name) => [name, undefined])),
    npm_config_userconfig: settings,
    PATH: [dirname(node), process.env['PATH'] ?? ''].join(delimiter),
  };
}
