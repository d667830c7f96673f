import type { LiveSecret } from '@redoubt/secrets';
import { isOutdated, present, type PresentedValue } from '../rotation/presented-value.ts';

/** As whom a connection signs in, and with what. */
export interface Credentials {
  /** Absent: the role that the address names. */
  readonly username: PresentedValue | undefined;
  /** Absent: a server that asks for none. */
  readonly password: PresentedValue | undefined;
}

/** The secrets that they come from. */
export interface CredentialSources {
  readonly username?: LiveSecret;
  readonly password?: LiveSecret;
}

/** Takes the pair that holds now, in one turn of the event loop: both are of the same rotation. */
export function takeCredentials({ username, password }: CredentialSources): Credentials {
  return {
    username: username === undefined ? undefined : present(username),
    password: password === undefined ? undefined : present(password),
  };
}

/** What of it was shown to the server. */
export function presentedIn({ username, password }: Credentials): PresentedValue[] {
  return [username, password].filter((each) => each !== undefined);
}

/** Whether a connection made now would sign in with the same. */
export function areCurrent(credentials: Credentials): boolean {
  return !presentedIn(credentials).some(isOutdated);
}
