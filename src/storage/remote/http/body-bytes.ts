/** The bytes that a client of a cloud sends as a body. Undefined if it sends none. */
export function bodyBytes(body: unknown): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('the client sends something else than bytes');
}
