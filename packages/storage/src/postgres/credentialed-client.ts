import type { ClientConfig } from 'pg';
import type { ConnectionAddress } from './connection-address.ts';
import { type Credentials, takeCredentials } from './credentials.ts';
import { DeadlineClient } from './deadline-client.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { toTlsOptions } from './postgres-tls.ts';

/** A connection that knows what it signed in with. */
export interface CredentialedClient extends DeadlineClient {
  readonly credentials: Credentials;
}

/** What all connections of a pool have in common. */
export type SharedConfig = Omit<ClientConfig, 'user' | 'password' | 'ssl'>;

/**
 * Makes the class of a pool's connections: each new one takes the credentials and the TLS material that hold at that
 * moment (SR-52).
 */
export function createClientClass(
  options: Pick<PostgresOptions, 'username' | 'password' | 'ssl'>,
  { user, host }: ConnectionAddress,
): new (config: SharedConfig) => CredentialedClient {
  return class extends DeadlineClient {
    readonly credentials: Credentials;

    constructor(config: SharedConfig) {
      const credentials = takeCredentials(options);
      super({
        ...config,
        user: credentials.username?.value.expose() ?? user,
        // A function, and given always, so that pg asks no other place for one.
        password: () => credentials.password?.value.expose(),
        ssl: options.ssl === undefined ? false : toTlsOptions(options.ssl, host),
      });
      this.credentials = credentials;
    }
  };
}
