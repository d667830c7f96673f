import { assertTlsMaterial, type ClientCertificate } from './tls-options.ts';

/**
 * Makes a source of client certificates from parts that change one after the other, a file and a secret: a certificate and
 * a key that do not belong together are not presented, and the last ones that did stay (SR-28, SR-52).
 *
 * @param read - reads both parts as they are now; it may throw.
 * @throws {TypeError} when the first pair does not fit together, and what the first reading throws.
 */
export function rotatingCertificate(read: () => ClientCertificate): () => ClientCertificate {
  let last = read();
  assertTlsMaterial({ clientCertificate: last });
  return () => {
    try {
      const next = read();
      assertTlsMaterial({ clientCertificate: next });
      last = next;
    } catch {
      // One part is new and the other is not yet: the next connection asks again, and the peer sees the old one meanwhile.
    }
    return last;
  };
}
