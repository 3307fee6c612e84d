/** The one function of Bun's that we call the system by; `@types/bun` would replace the types of Node. */
declare module 'bun:ffi' {
  interface Library {
    readonly symbols: Readonly<Record<string, (...args: readonly number[]) => void>>;
  }
  export function dlopen(
    library: string,
    functions: Readonly<Record<string, { readonly args: readonly string[]; readonly returns: string }>>,
  ): Library;
}
