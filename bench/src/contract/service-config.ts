/** Where a server is, and the file with the password for it. */
export interface BackingServer {
  readonly url: string;
  readonly passwordFile: string;
}

/** How a variant is started; the runner hands it over as a file of JSON. */
export interface ServiceConfig {
  /** `socket`: listens on the port. `direct`: no socket; requests are made in the process. */
  readonly mode: 'socket' | 'direct';
  readonly port: number;
  /** The key of access tokens as PEM (SPKI), P-256: every variant verifies ES256. */
  readonly publicKeyPem: string;
  /** The same key's private half as a file, for the variant whose key ring holds both. */
  readonly signingKeyFile: string;
  readonly issuer: string;
  readonly audience: string;
  /** Products under paths of their own, for the growth of routes; usually 1. */
  readonly routes: number;
  /** Absent: it is as fast as it can be. */
  readonly busyMicroseconds?: number | undefined;
  /** Absent: no route needs a database. */
  readonly database?: BackingServer | undefined;
  /** Absent: counters and revocations stay in the process. */
  readonly sharedStore?: BackingServer | undefined;
}
