/** Finds a token where Azure's own library looks for one. Loaded only if neither a key nor a SAS token is set. */
import {
  AggregateAuthenticationError,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { describeError } from '../../../diagnostics/errors.ts';
import { environmentValue } from '../../../util/environment.ts';
import { NoCredentialsError, type StoreContext } from '../remote.ts';
import type { AzureHttp } from './azure-http.ts';

/** A managed identity, the variables of a service or of a workload, or whoever is signed in with Azure's tools. */
export function azureIdentity(http: AzureHttp, context: StoreContext): TokenCredential {
  const found = credentialFor(http, context);
  return {
    async getToken(scopes, options) {
      try {
        return await found.getToken(scopes, options);
      } catch (error) {
        throw new NoCredentialsError(reasonOf(error));
      }
    },
  };
}

function credentialFor(http: AzureHttp, { environment, style }: StoreContext): TokenCredential {
  const variable = (name: string) => environmentValue(environment, style, name)?.trim();
  const options = { httpClient: http.forIdentity, retryOptions: { maxRetries: 0 } };
  // If this kind alone is named, the library gives it none of the options: it would try five times, for 25 s.
  if (variable('AZURE_TOKEN_CREDENTIALS')?.toLowerCase() !== 'managedidentitycredential')
    return new DefaultAzureCredential(options);
  const clientId = variable('AZURE_CLIENT_ID');
  return new ManagedIdentityCredential({ ...options, ...(clientId && { clientId }) });
}

/** Of several kinds of identity, the library says in a paragraph each why it is not that. */
function reasonOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateAuthenticationError ? error.errors : [error];
  const [first] = errors;
  // Its message holds those of its causes.
  const said = first instanceof Error ? first.message : first;
  return errors.length === 1
    ? `no credentials for Azure: ${describeError(said)}`
    : 'no key, SAS token or identity of Azure was found: see "Azure" in the README';
}
