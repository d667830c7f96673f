/** What every object inherits, by name. */
type Inherited = keyof typeof Object.prototype;

/**
 * Takes away what prototype pollution needs (SR-19): `__proto__` is gone, and nobody adds to `Object.prototype` or
 * replaces what is there. Call it once, when the program's own modules are loaded. It holds for the whole process, and
 * for what is loaded later.
 *
 * Freezing alone would break ordinary code: an assignment such as `error.toString = …` fails where an inherited property
 * of that name is read-only (ECMAScript, OrdinarySetWithOwnDescriptor). So each of these properties becomes one that is
 * read as before, and that an assignment to another object replaces there.
 */
export function hardenPrototypes(): void {
  Reflect.deleteProperty(Object.prototype, '__proto__');
  for (const name of Object.getOwnPropertyNames(Object.prototype)) keepInherited(name as Inherited);
  Object.freeze(Object.prototype);
}

function keepInherited(name: Inherited): void {
  const { prototype } = Object;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (descriptor === undefined || !('value' in descriptor)) return;
  const value: unknown = descriptor.value;
  Object.defineProperty(prototype, name, {
    configurable: false,
    enumerable: false,
    get: () => value,
    set(this: object, replacement: unknown) {
      if (this === prototype) throw new TypeError(`Object.prototype.${name} cannot be replaced`);
      Object.defineProperty(this, name, { value: replacement, configurable: true, enumerable: true, writable: true });
    },
  });
}
