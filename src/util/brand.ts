declare const brand: unique symbol;

/** A `Base` that must not be mixed with other values of this type. Only the module that makes it casts to it. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
