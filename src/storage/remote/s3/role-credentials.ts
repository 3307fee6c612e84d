/**
 * Credentials of roles, which somebody has to be asked for: 6 to 15 ms of processor time for AWS's library (60 on Node.js)
 * and up to three requests. Each call of a compiler is a process of its own, so they are remembered until they end, as
 * AWS's tools do:
 *
 *     <folder of the user>/aws-<digest of where they come from>.json
 *         {"accessKeyId", "secretAccessKey", "sessionToken"?, "ends": <milliseconds since 1970>}
 *
 * Only what ends is remembered, and only where nobody else can read it: in the user's own folder (mode 0700, file 0600),
 * on Windows in that for local data, which Windows keeps closed to other users. Never in the cache folder.
 */
import { statSync } from 'node:fs';
import { folderOfUser } from '../../../config/user-folder.ts';
import { digestOfParts } from '../../../hash/digest.ts';
import { removeIfPossible, replaceFileSync } from '../../../util/atomic-file.ts';
import { environmentValue } from '../../../util/environment.ts';
import { isJsonObject, stableStringify } from '../../../util/json.ts';
import { makeFolder } from '../../../util/make-folder.ts';
import { readOwnTextIfThere } from '../../../util/own-file.ts';
import { isPrivateFolder } from '../../../util/private-folder.ts';
import type { StoreContext } from '../remote.ts';
import type { ChainOptions, FoundCredentials } from './credential-chain.ts';
import type { AwsCredentials } from './credentials.ts';

/** A minute longer than AWS's library: within the last five minutes new ones are there. */
const SPARE_MS = 6 * 60 * 1000;
/** In bytes. A session token has one or two thousand. */
const LARGEST_FILE = 32 * 1024;

export interface RoleCredentials extends AwsCredentials {
  /** Forgets them, because the service does not accept them. */
  forget?(): void;
}

/** Remembered credentials, or those that AWS's library finds. Rejects with what was asked last and why it gave none. */
export async function findRoleCredentials(
  context: StoreContext,
  options: ChainOptions,
): Promise<RoleCredentials> {
  const file = fileFor(context, options.profile);
  const known = file === undefined ? undefined : readRemembered(file);
  const forget = () => {
    if (file !== undefined) removeIfPossible(file);
  };
  if (known) return { ...known, forget };
  const { credentialsOfChain } = await import('./credential-chain.ts');
  const found = await credentialsOfChain(options);
  if (file !== undefined) remember(file, found);
  return { ...found, forget };
}

/** The file for what is found with these variables and files. Undefined if there is no safe place. */
function fileFor(context: StoreContext, profile: string | undefined): string | undefined {
  const { environment, homeDirectory, style } = context;
  const variable = (name: string) => environmentValue(environment, style, name) || undefined;
  const folder = style === 'win32' ? localData(variable('LOCALAPPDATA')) : folderOfUser(variable);
  if (folder === undefined) return undefined;
  try {
    makeFolder(folder, 0o700);
  } catch {
    return undefined;
  }
  if (style !== 'win32' && !isPrivateFolder(folder)) return undefined;
  const variables = Object.entries(environment)
    .filter(([name]) => /^AWS_/i.test(name))
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
  const files = [
    variable('AWS_SHARED_CREDENTIALS_FILE') ?? `${homeDirectory}/.aws/credentials`,
    variable('AWS_CONFIG_FILE') ?? `${homeDirectory}/.aws/config`,
  ].map(stateOf);
  return `${folder}/aws-${digestOfParts([profile ?? '', homeDirectory, ...files, ...variables])}.json`;
}

function localData(folder: string | undefined): string | undefined {
  return folder === undefined ? undefined : `${folder}\\clcache`;
}

function stateOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : '';
}

function readRemembered(file: string): AwsCredentials | undefined {
  try {
    const json: unknown = JSON.parse(readOwnTextIfThere(file, LARGEST_FILE) ?? 'null');
    if (!isJsonObject(json)) return undefined;
    const { accessKeyId, secretAccessKey, sessionToken, ends } = json;
    if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
    if (typeof ends !== 'number' || ends - Date.now() < SPARE_MS) return undefined;
    return { accessKeyId, secretAccessKey, ...(typeof sessionToken === 'string' && { sessionToken }) };
  } catch {
    return undefined;
  }
}

function remember(file: string, found: FoundCredentials): void {
  if (found.ends === undefined) return;
  try {
    replaceFileSync(file, stableStringify(found), undefined, 0o600);
  } catch {
    // The next call asks again.
  }
}
