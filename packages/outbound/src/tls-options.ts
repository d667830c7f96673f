import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** A certificate of this service and its private key, both in PEM; the key as `Secret` of @redoubt/secrets holds it. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: { expose(): string };
}

/** One certificate, or a function that gives the present one: it is asked for each new connection. */
export type ClientCertificateSource = ClientCertificate | (() => ClientCertificate);

/** How a client proves itself and whom it believes. */
export interface ClientTls {
  readonly ca?: string | undefined;
  readonly clientCertificate?: ClientCertificateSource | undefined;
}

/** The options of a TLS connection. */
export interface TlsOptions {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: true;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * The options of the next TLS connection: TLS 1.2 or newer, always verified (SR-28). Said outright, so that neither
 * NODE_TLS_REJECT_UNAUTHORIZED nor a flag of Node changes it.
 */
export function createTlsOptions({ ca, clientCertificate }: ClientTls): TlsOptions {
  const identity = typeof clientCertificate === 'function' ? clientCertificate() : clientCertificate;
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key.expose() }),
  };
}

/**
 * Says at once what would otherwise fail at the first call.
 *
 * @throws {TypeError} when authorities, certificate or key are no PEM, or do not belong together.
 */
export function assertTlsMaterial(tls: ClientTls): void {
  try {
    if (tls.ca !== undefined) void new X509Certificate(tls.ca);
    createSecureContext(createTlsOptions(tls));
  } catch {
    // The library's own error could quote the key.
    throw new TypeError('the authorities, the certificate or the key of a client are not PEM, or do not fit together');
  }
}
