/** The types of Bun's functions that call Windows. `@types/bun` would replace the types of Node. */
declare module 'bun:ffi' {
  interface Library {
    readonly symbols: Readonly<Record<string, (...args: readonly (number | bigint)[]) => number | bigint>>;
  }
  export function dlopen(
    library: string,
    functions: Readonly<Record<string, { readonly args: readonly string[]; readonly returns: string }>>,
  ): Library;
  /** A function at an address that the system gave. */
  export function CFunction(call: {
    readonly ptr: number;
    readonly args: readonly string[];
    readonly returns: string;
  }): () => number | bigint;
  export function ptr(view: ArrayBufferView): number;
}
