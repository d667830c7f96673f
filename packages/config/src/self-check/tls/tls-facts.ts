import { createPrivateKey, type X509Certificate } from 'node:crypto';

import type { Secret } from '@redoubt/secrets';

import { type CertificateFacts, certificateFactsOf, parseCertificates } from './certificate-facts.ts';

/** Names of the settings that the parts came from: the subjects of findings. */
export interface TlsSettingNames {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthority: string;
}

/** The parts of a TLS listener, as they were read, in PEM. */
export interface TlsParts {
  /** The listener's certificate first, its intermediates after it. */
  readonly certificate: string;
  readonly key: Secret;
  /** Who certifies the peers; absent where everybody may connect. */
  readonly clientAuthority?: string;
  readonly names: TlsSettingNames;
  readonly nowMs: number;
}

/** What `judgeTls` judges. A part that cannot be read is `undefined`. */
export interface TlsFacts {
  readonly names: TlsSettingNames;
  readonly nowMs: number;
  /** The listener's certificate and its intermediates. */
  readonly chain: readonly CertificateFacts[] | undefined;
  readonly key: 'fits' | 'belongs to another certificate' | 'unreadable';
  /** Whether peers have to show a certificate: then both ends are ours. */
  readonly isMutual: boolean;
  readonly clientAuthorities: readonly CertificateFacts[] | undefined;
}

/** Reads the parts of a listener. Never throws for their content: what cannot be read is a fact as well. */
export function readTlsFacts({ certificate, key, clientAuthority, names, nowMs }: TlsParts): TlsFacts {
  const chain = parseCertificates(certificate);
  return {
    names,
    nowMs,
    chain: chain?.map(certificateFactsOf),
    key: keyFactOf(key, chain?.[0]),
    isMutual: clientAuthority !== undefined,
    clientAuthorities: parseCertificates(clientAuthority ?? '')?.map(certificateFactsOf),
  };
}

/** Beside a certificate that cannot be read, a readable key has no fault of its own. */
function keyFactOf(key: Secret, certificate: X509Certificate | undefined): TlsFacts['key'] {
  try {
    const privateKey = createPrivateKey(key.expose());
    return certificate?.checkPrivateKey(privateKey) === false ? 'belongs to another certificate' : 'fits';
  } catch {
    // RD-058 tells; the library's error may quote the text that it was given.
    return 'unreadable';
  }
}
