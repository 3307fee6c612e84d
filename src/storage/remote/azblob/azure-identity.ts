/** Finds a token where Azure's own library looks for one. Loaded only if neither a key nor a SAS token is set. */
import { AggregateAuthenticationError, DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { AzureHttp } from './azure-http.ts';

/** A managed identity, the variables of a service or of a workload, or whoever is signed in with Azure's tools. */
export function azureIdentity(http: AzureHttp): TokenCredential {
  const found = new DefaultAzureCredential({
    httpClient: http.forIdentity,
    retryOptions: { maxRetries: 0 },
  });
  return {
    async getToken(scopes, options) {
      try {
        return await found.getToken(scopes, options);
      } catch (error) {
        // The library says of each kind of identity in a paragraph why it is not that.
        if (!(error instanceof AggregateAuthenticationError)) throw error;
        throw new Error('no key, SAS token or identity of Azure was found: see "Azure" in the README');
      }
    },
  };
}
