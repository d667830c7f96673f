import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** What a TLS listener needs: its own certificate, and whom it lets certify its peers. */
export interface TlsMaterial {
  /** The listener's certificate with its intermediates, in PEM. */
  readonly certificate: string;
  /** Its private key in PEM, as a `Secret` of `@redoubt/secrets` holds it. */
  readonly key: { expose(): string };
  /** The one authority of client certificates, in PEM; the system's own authorities count for nothing (SR-28). */
  readonly clientAuthority: string;
}

/** New or first material cannot be used. The cause names the reason and holds nothing of a key. */
export class TlsMaterialError extends Error {
  override readonly name = 'TlsMaterialError';
  readonly code = 'invalid_tls_material';

  constructor(cause: unknown) {
    super('the certificate, the key or the client authority of the listener cannot be used', { cause });
  }
}

/**
 * Checks what Node would take without a word: a key of another certificate, a certificate that has expired, an
 * authority that is none (Node would trust nobody, and say so to every peer).
 *
 * @throws {TlsMaterialError}
 */
export function assertTlsMaterial(material: TlsMaterial, nowMs: number): void {
  try {
    const certificate = new X509Certificate(material.certificate);
    if (!certificate.checkPrivateKey(createPrivateKey(material.key.expose())))
      throw new Error('the key belongs to another certificate');
    if (!(certificate.validToDate.getTime() > nowMs)) throw new Error('the certificate has expired');
    if (!new X509Certificate(material.clientAuthority).ca) throw new Error('the client authority is no authority');
    createSecureContext(secureContextOf(material));
  } catch (cause) {
    throw new TlsMaterialError(cause);
  }
}

/** TLS 1.3 only, for both ends are ours; the rest of the ciphers' order is OpenSSL's (SR-28). */
export function secureContextOf({ certificate, key, clientAuthority }: TlsMaterial): SecureContextOptions {
  return { cert: certificate, key: key.expose(), ca: clientAuthority, minVersion: 'TLSv1.3' };
}
