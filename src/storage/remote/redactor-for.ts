import { environmentValue } from '../../util/environment.ts';
import { azureSecrets } from './azblob/account.ts';
import { proxySecrets } from './http/proxy-variables.ts';
import type { StoreContext } from './remote.ts';

/** Secrets of the surroundings: those of AWS, of Azure and of proxies. */
export function secretsAround(context: StoreContext): (string | undefined)[] {
  const { environment, style } = context;
  const aws = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  return [
    ...aws.map((name) => environmentValue(environment, style, name)),
    ...azureSecrets(context),
    ...proxySecrets(environment, style),
  ];
}
