/** Bun's own functions as `Functions`, or undefined on Node.js. A face of the runtime names those that it uses. */
export function bunWith<Functions>(): Functions | undefined {
  return Reflect.get(globalThis, 'Bun');
}

/** True on Bun, false on Node.js. */
export const IS_BUN = bunWith() !== undefined;
