import { environmentValue } from '../../util/environment.ts';
import { redactor } from '../../util/redact.ts';
import { type SealingSettings, secretsIn } from '../wire/read-sealing.ts';
import { type RemoteAddress, secretsOf } from './address.ts';
import { azureSecrets } from './azblob/account.ts';
import { proxySecrets } from './http/proxy-variables.ts';
import type { StoreContext } from './remote.ts';

const OF_AWS = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];

/**
 * Takes out of a text every secret that has to do with these stores: in their addresses, in the settings, and in the
 * variables of AWS, of Azure and of proxies.
 */
export function redactorFor(
  addresses: readonly RemoteAddress[],
  settings: SealingSettings & StoreContext,
): (text: string) => string {
  const { environment, style } = settings;
  return redactor([
    ...addresses.flatMap(secretsOf),
    ...secretsIn(settings),
    ...OF_AWS.map((name) => environmentValue(environment, style, name)),
    ...azureSecrets(settings),
    ...proxySecrets(environment, style),
  ]);
}
