declare const brand: unique symbol;

/** A `Base` that is not to be mixed with others: only the module that makes it casts to it. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
