/**
 * Reads credentials, region and endpoint where AWS's own tools find them first: in variables, then in `~/.aws`. AWS's
 * library would do that as well, but takes 60 ms of processor time to load on Node.js, and 6 in the executable. So it is
 * loaded only for what somebody has to be asked for.
 */
import { readFileSync } from 'node:fs';
import { errorCode } from '../../../util/busy-retry.ts';
import { environmentValue } from '../../../util/environment.ts';
import type { StoreContext } from '../remote.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsSettings {
  /** Undefined if they are not in variables and files. */
  readonly credentials?: AwsCredentials;
  readonly region?: string;
  /** The address of another service than Amazon's. */
  readonly endpoint?: string;
}

/** By names in small letters, as the files spell them. */
type Profile = ReadonlyMap<string, string>;

/** In a profile with one of these, the library says whose the keys are. */
const NAMES_A_ROLE = /^(?:role_arn|credential_process|sso_\w+|web_identity_token_file|login_session)$/;

/** A profile in the URL takes precedence over credentials in variables. Throws system errors other than ENOENT. */
export function awsSettings(context: StoreContext, namedProfile: string | undefined): AwsSettings {
  const variable = (name: string) =>
    environmentValue(context.environment, context.style, name)?.trim() || undefined;
  const profile = namedProfile ?? variable('AWS_PROFILE') ?? 'default';
  const folder = `${context.homeDirectory}/.aws`;
  const credentials = readProfile(
    variable('AWS_SHARED_CREDENTIALS_FILE') ?? `${folder}/credentials`,
    profile,
  );
  const configFile = variable('AWS_CONFIG_FILE') ?? `${folder}/config`;
  const config = readProfile(configFile, profile === 'default' ? 'default' : `profile ${profile}`);
  const fromFiles = (name: string) => credentials.get(name) ?? config.get(name);

  const useVariables = namedProfile === undefined && variable('AWS_ACCESS_KEY_ID') !== undefined;
  const pick = (name: string) => (useVariables ? variable(name.toUpperCase()) : fromFiles(name));
  const accessKeyId = pick('aws_access_key_id');
  const secretAccessKey = pick('aws_secret_access_key');
  const sessionToken = pick('aws_session_token');
  const namesRole =
    !useVariables && [...credentials.keys(), ...config.keys()].some((name) => NAMES_A_ROLE.test(name));
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined && !namesRole;
  const region = variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION') ?? fromFiles('region');
  const endpoint =
    variable('AWS_ENDPOINT_URL_S3') ?? variable('AWS_ENDPOINT_URL') ?? fromFiles('endpoint_url');
  return {
    ...(hasKeys && {
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    }),
    ...(region && { region }),
    ...(endpoint && { endpoint }),
  };
}

/** One section of a file of `name = value` lines. Indented lines belong to nested settings and are left out. */
function readProfile(file: string, section: string): Profile {
  const settings = new Map<string, string>();
  let isWanted = false;
  for (const line of readLines(file)) {
    const heading = /^\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (heading !== undefined) isWanted = heading.replace(/\s+/g, ' ') === section;
    const [, name, value] = /^([^\s=#;]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isWanted && name !== undefined && value) settings.set(name.toLowerCase(), value);
  }
  return settings;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
