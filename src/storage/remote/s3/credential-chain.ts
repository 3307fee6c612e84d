/** Credentials that AWS's own library finds: roles of machines, containers and web identities, and what profiles name. */
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { whileChanged } from '../../../config/while-changed.ts';
import { environmentValue } from '../../../util/environment.ts';
import { quoted } from '../../../util/one-line.ts';
import type { CallerOptions } from '../http/caller.ts';
import { NoCredentialsError } from '../remote.ts';
import { awsSender } from './aws-http.ts';
import type { AwsCredentials } from './credentials.ts';

/** In milliseconds, as the library has it. Roles come from the machine itself, except those of web identities. */
const LONGEST_ANSWER = 1000;
/** Of a service that a variable or the machine names. */
const RETRIES = 1;

/** What the library reports when it asks a service, and how a user knows that. */
const SERVICES = [
  {
    line: 'remoteProvider::fromInstanceMetadata',
    gaveNone: 'the metadata service of this machine gave none',
  },
  {
    line: 'remoteProvider::fromHttp/fromContainerMetadata',
    gaveNone: 'the service that AWS_CONTAINER_CREDENTIALS_… names gave none',
  },
] as const;
/** Without it the library warns on stderr of old versions of Node.js. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const NO_REASON = /AWS_EC2_METADATA_V1_DISABLED|Could not load credentials from/;

export interface ChainOptions {
  /** A section in `~/.aws`. Undefined: as the variables say. */
  readonly profile: string | undefined;
  readonly region: string;
  /** How long a service of this machine may be silent, in milliseconds. */
  readonly timeoutMs: number;
  /** How services in the network are reached. */
  readonly network: Omit<CallerOptions, 'url'>;
}

/** Credentials with the time at which they end, in milliseconds since 1970, if they do. */
export interface FoundCredentials extends AwsCredentials {
  readonly ends?: number;
}

/**
 * Asks each source in the order of AWS's tools. The library reads the environment of the process. Rejects with what was
 * asked last and why it gave none.
 */
export async function credentialsOfChain({
  profile,
  region,
  timeoutMs,
  network,
}: ChainOptions): Promise<FoundCredentials> {
  const asked: string[] = [];
  const { sender, close } = awsSender(network);
  const find = defaultProvider({
    ...(profile !== undefined && { profile }),
    timeout: Math.min(timeoutMs, LONGEST_ANSWER),
    maxRetries: RETRIES,
    clientConfig: { region, requestHandler: sender },
    // Without a logger the library warns on stderr, where a build reads what the compiler says.
    logger: { debug: (line: unknown) => asked.push(String(line)), info() {}, warn() {}, error() {} },
  });
  try {
    const found = await whileChanged(QUIET, find);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      ...(expiration && { ends: expiration.getTime() }),
    };
  } catch (cause) {
    const named = profile ?? environmentValue(network.environment, network.style, 'AWS_PROFILE')?.trim();
    throw new NoCredentialsError(`no credentials for AWS: ${reasonOf(cause, asked, named)}`, { cause });
  } finally {
    close();
  }
}

/** The library's own sentence says only that no source gave any. What it reports on the way says more. */
function reasonOf(error: unknown, asked: readonly string[], profile: string | undefined): string {
  const said = error instanceof Error ? error.message : String(error);
  if (!NO_REASON.test(said)) return said;
  const service = SERVICES.find(({ line }) => asked.some((one) => one.endsWith(line)));
  const since = asked.slice(service ? asked.findIndex((one) => one.endsWith(service.line)) : 0);
  const reasons = since.flatMap((line) => /property-provider (?:->|\(!\)) (.*)/s.exec(line)?.[1] ?? []);
  const reason = reasons.filter((one) => !NO_REASON.test(one)).at(-1);
  return [
    profile
      ? `~/.aws has none for the profile ${quoted(profile)}`
      : 'neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor ~/.aws hold credentials',
    ...(service ? [`, and ${service.gaveNone}`] : []),
    ...(reason === undefined ? [] : [` (${reason})`]),
  ].join('');
}
