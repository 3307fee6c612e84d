import { environmentValue } from '../../util/environment.ts';
import { proxySecrets } from './http/proxy.ts';
import type { StoreContext } from './remote.ts';

/** Secrets of the surroundings: those of AWS and of proxies. */
export function secretsAround({ environment, style }: StoreContext): (string | undefined)[] {
  const aws = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  return [
    ...aws.map((name) => environmentValue(environment, style, name)),
    ...proxySecrets(environment, style),
  ];
}

/** With keys that cannot be used, the store fails before it is asked. */
