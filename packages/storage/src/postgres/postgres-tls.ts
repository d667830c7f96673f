import type { ConnectionOptions } from 'node:tls';
import type { Secret } from '@redoubt/secrets';

/** What a TLS connection to the server checks and shows: as libpq's `verify-full`, there is nothing weaker (SR-28). */
export interface PostgresTls {
  /** Certificate authorities in PEM, in place of the public ones. */
  readonly ca?: string;
  /** Client certificate chain in PEM, for a server that asks for one. */
  readonly certificate?: string;
  readonly privateKey?: Secret;
}

/** Node's options for it. The host is named too, so that the certificate of an address without a name is checked. */
export function toTlsOptions(tls: PostgresTls | (() => PostgresTls), host: string): ConnectionOptions {
  const { ca, certificate, privateKey } = typeof tls === 'function' ? tls() : tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey.expose() }),
    host,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  };
}
