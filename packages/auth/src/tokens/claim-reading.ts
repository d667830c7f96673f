import { type AccessTokenFault, InvalidAccessTokenError } from '../errors.ts';

/** The members of a token's payload, by name. */
export type Claims = ReadonlyMap<string, unknown>;

/** Reads a claim that a token must have. Throws {@link InvalidAccessTokenError} when it is absent or not valid. */
export function required<Value>(
  claims: Claims,
  name: string,
  isValid: (value: unknown) => value is Value,
  fault: AccessTokenFault,
): Value {
  const value = claims.get(name);
  return isValid(value) ? value : refuse(fault);
}

/** Reads a claim that may be absent; present and wrong, `null` included, is refused. */
export function optional<Value>(
  claims: Claims,
  name: string,
  isValid: (value: unknown) => value is Value,
  fault: AccessTokenFault,
): Value | undefined {
  return claims.has(name) ? required(claims, name, isValid, fault) : undefined;
}

/** Makes a check for one text, byte for byte. */
export function isExactly(expected: string) {
  return (value: unknown): value is string => value === expected;
}

/** Throws {@link InvalidAccessTokenError}. */
export function refuse(reason: AccessTokenFault): never {
  throw new InvalidAccessTokenError(reason);
}
