/** The types of Bun's functions that call Windows. `@types/bun` would replace the types of Node. */
declare module 'bun:ffi' {
  interface Library {
    readonly symbols: Readonly<Record<string, (...args: readonly (number | bigint)[]) => number | bigint>>;
  }
  export function dlopen(
    library: string,
    functions: Readonly<Record<string, { readonly args: readonly string[]; readonly returns: string }>>,
  ): Library;
  export function ptr(view: ArrayBufferView): number;
}
