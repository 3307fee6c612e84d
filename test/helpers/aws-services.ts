/** The services from which AWS's library gets credentials of roles, in the words of AWS's documentation. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsService {
  readonly url: string;
  /** How many requests came. */
  readonly asked: () => number;
  stop(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1000;

interface Role {
  readonly keyId: string;
  readonly secret: string;
  /** When the credentials end, from now. */
  readonly lifetimeMs?: number;
}

/** The metadata service of an EC2 instance, in the second version: it answers nobody without a token. */
export function startInstanceMetadata(role: Role): Promise<AwsService> {
  const token = 'a token of the instance';
  return start((request, response) => {
    if (request.method === 'PUT' && request.url === '/latest/api/token')
      return request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined
        ? send(response, 400, '')
        : send(response, 200, token);
    if (request.headers['x-aws-ec2-metadata-token'] !== token) return send(response, 401, '');
    if (request.url === '/latest/meta-data/iam/security-credentials/') return send(response, 200, 'builder');
    if (request.url !== '/latest/meta-data/iam/security-credentials/builder') return send(response, 404, '');
    const kind = { Code: 'Success', Type: 'AWS-HMAC', LastUpdated: new Date().toISOString() };
    return send(response, 200, JSON.stringify({ ...kind, ...asJson(role) }));
  });
}

/** The service of a container (ECS, EKS Pod Identity), which wants a token. */
export function startContainerCredentials(role: Role, token: string): Promise<AwsService> {
  return start((request, response) =>
    request.headers.authorization === token
      ? send(response, 200, JSON.stringify({ RoleArn: 'arn:aws:iam::123456789012:role/b', ...asJson(role) }))
      : send(response, 401, '{"code":"Unauthorized","message":"no token"}'),
  );
}

/** The security token service, for a web identity. */
export function startTokenService(role: Role, token: string): Promise<AwsService> {
  return start(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    const isRight =
      form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('WebIdentityToken') === token;
    response.setHeader('content-type', 'text/xml');
    if (!isRight) {
      const error = '<Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>not mine</Message>';
      return send(response, 400, `<ErrorResponse><Error>${error}</Error></ErrorResponse>`);
    }
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = asJson(role);
    const credentials =
      `<AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey>` +
      `<SessionToken>${Token}</SessionToken><Expiration>${Expiration}</Expiration>`;
    const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
    return send(
      response,
      200,
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
    );
  });
}

/** Answers each request with the same. */
export function startStubborn(status: number, body: string): Promise<AwsService> {
  return start((_, response) => send(response, status, body));
}

function asJson({ keyId, secret, lifetimeMs = HOUR_MS }: Role) {
  return {
    AccessKeyId: keyId,
    SecretAccessKey: secret,
    Token: 'a session',
    Expiration: new Date(Date.now() + lifetimeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)) }).end(body);
}

async function start(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<AwsService> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
