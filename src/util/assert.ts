/** Makes the compiler check that a switch is complete: only an unhandled value could reach this call. */
export function assertNever(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
