/**
 * Which account a store of Azure belongs to, and what proves who asks. Both are in the address, or in the variables of
 * Azure's command line (Microsoft's page "az storage": AZURE_STORAGE_KEY and so on).
 */
import { environmentValue } from '../../../util/environment.ts';
import { isEndpoint, type RemoteAddress } from '../address.ts';
import type { StoreContext } from '../remote.ts';
import { secretParts } from './secret-parts.ts';

export type AzureProof =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'sas'; readonly token: string }
  /** A managed identity, or whatever else Azure's library finds on this machine. */
  | { readonly kind: 'identity' };

export interface AzureAccount {
  /** The URL of the account, without a slash at its end. */
  readonly endpoint: string;
  /** Undefined if only the endpoint says it. */
  readonly name: string | undefined;
  readonly proof: AzureProof;
}

const SECRET_VARIABLES = [
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_KEY',
  'AZURE_STORAGE_SAS_TOKEN',
  'AZURE_CLIENT_SECRET',
];

/**
 * The text that names account and proof together, as Azure's portal gives it. It counts before other variables, but not
 * if the address has a proof.
 */
export function connectionStringOf(
  { options }: RemoteAddress,
  { environment, style }: StoreContext,
): string | undefined {
  if (options.key !== undefined || options.sas !== undefined) return undefined;
  return environmentValue(environment, style, 'AZURE_STORAGE_CONNECTION_STRING')?.trim() || undefined;
}

/** Throws if no account is named, or if what is named cannot be one. */
export function azureAccount({ options }: RemoteAddress, { environment, style }: StoreContext): AzureAccount {
  const variable = (name: string) => environmentValue(environment, style, name)?.trim() || undefined;
  const ofVariables = variable('AZURE_STORAGE_ACCOUNT');
  const name = options.account ?? ofVariables;
  const endpoint =
    options.endpoint ??
    (options.account === undefined ? variable('AZURE_STORAGE_SERVICE_ENDPOINT') : undefined);
  // The key of one account is not sent to another.
  const isSame = options.account === undefined || (ofVariables ?? options.account) === options.account;
  const proof =
    proofOf(options.key, options.sas) ??
    (isSame ? proofOf(variable('AZURE_STORAGE_KEY'), variable('AZURE_STORAGE_SAS_TOKEN')) : undefined);
  return { endpoint: endpointOf(name, endpoint), name, proof: proof ?? { kind: 'identity' } };
}

function proofOf(key: string | undefined, sas: string | undefined): AzureProof | undefined {
  if (key !== undefined) return { kind: 'key', key };
  return sas === undefined ? undefined : { kind: 'sas', token: sas.replace(/^\?/, '') };
}

function endpointOf(name: string | undefined, endpoint: string | undefined): string {
  // No value is shown, because it may hold a password.
  if (endpoint !== undefined) {
    if (!isEndpoint(endpoint)) throw new Error('the endpoint is no http:// or https:// address of a host');
    return endpoint.replace(/\/+$/, '');
  }
  if (name === undefined)
    throw new Error('no account is named: add account=NAME to the address, or set AZURE_STORAGE_ACCOUNT');
  // It becomes a part of the host's name, and must not lead to another host.
  if (!/^[a-z0-9-]{3,40}$/.test(name)) throw new Error('the account is not the name of one');
  return `https://${name}.blob.core.windows.net`;
}

/** What must not be shown of Azure's variables. */
export function azureSecrets({ environment, style }: StoreContext): string[] {
  return SECRET_VARIABLES.flatMap((name) => {
    const value = environmentValue(environment, style, name)?.trim();
    return value ? [value, ...secretParts(value)] : [];
  });
}
