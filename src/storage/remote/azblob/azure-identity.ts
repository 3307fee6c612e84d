/** Finds a token where Azure's own library looks for one. Loaded only if neither a key nor a SAS token is set. */
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { AzureHttp } from './azure-http.ts';

/** A managed identity, the variables of a service or of a workload, or whoever is signed in with Azure's tools. */
export function azureIdentity(http: AzureHttp): TokenCredential {
  return new DefaultAzureCredential({ httpClient: http.forIdentity, retryOptions: { maxRetries: 0 } });
}
