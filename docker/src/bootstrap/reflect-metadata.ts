/**
 * What the injector inside `@peculiar/x509` asks of `Reflect`, and no engine has: the parameters that decorators noted
 * of a class. None of the library's classes has one, so the answer is always "nothing", and the package that is usually
 * installed for this (reflect-metadata) is not needed. Must be imported before the library.
 */
Object.assign(Reflect, { getMetadata: () => undefined, getOwnMetadata: () => undefined });
