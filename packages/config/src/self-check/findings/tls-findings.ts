import type { FindingId, FindingKind } from '../finding.ts';

const weak = { area: 'tls', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with certificate, key and client authority of the listener: RD-050 to RD-059 (SR-27, SR-28). */
export const tlsFindings = {
  'RD-050': {
    ...weak,
    title: 'A certificate is outside its validity',
    risk: 'Peers refuse the listener, or were told not to look at dates: then they take a certificate whose key was lost years ago as well. A client authority outside its validity admits no peer at all.',
    remedy:
      'Install a certificate that is valid now, with its intermediates. Where its dates look right, look at the clock of this machine first. See them with openssl x509 -noout -dates -in FILE.',
    source: 'SR-28, RFC 5280 section 4.1.2.5',
  },
  'RD-051': {
    ...weak,
    severity: 'warning',
    title: 'A certificate ends within 14 days',
    risk: 'Whatever renews it has not done so when it should have. On the day it ends every connection fails at once, and the quick repair is to switch verification off.',
    remedy:
      'Renew it now, and find out why the renewal by machine did not happen. Renewal belongs at two thirds of the lifetime, so that there is time to notice.',
    source: 'SR-28, SR-52',
  },
  'RD-052': {
    ...weak,
    silencing: 'refused',
    title: 'The private key belongs to another certificate',
    risk: 'No handshake succeeds. Often one of the two files was replaced and the other was not: a rotation that stopped half-way.',
    remedy:
      'Install key and certificate of one issuance together. They belong together when openssl x509 -noout -pubkey and openssl pkey -pubout print the same public key.',
    source: 'SR-28, SR-52',
  },
  'RD-053': {
    ...weak,
    title: 'A certificate has a key or a signature that can be forged',
    risk: 'An RSA key below 2048 bits can be factored, and a signature over MD5 or SHA-1 can be made for another certificate. Who does either is this service for its peers, or one of the peers for this service.',
    remedy:
      'Issue it anew with an ECDSA key on P-256 and a SHA-256 signature: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256. Where RSA is a must, take 2048 bits or more.',
    source: 'SR-27, NIST SP 800-131A',
  },
  'RD-054': {
    ...weak,
    title: 'The certificate of the listener is its own issuer',
    risk: 'Nobody vouches for it: a peer that accepts it has to be told to trust this one file, or everything. The key that serves is the key that certifies, so that it can be neither revoked nor replaced without touching every peer.',
    remedy:
      'Let an authority issue it, for the inside of a network a private one (step-ca, Vault PKI, cert-manager). Keep its key away from the service.',
    source: 'SR-28, SR-53',
  },
  'RD-055': {
    ...weak,
    severity: 'warning',
    title: 'An internal certificate lives longer than 90 days',
    risk: 'A stolen key of it serves the thief until it ends, for nobody inside a network asks for revocations. A lifetime that a person can wait out is also one that nobody automated.',
    remedy:
      'Issue it for 90 days or less, and renew it by machine: the listener reads the file again when it changes, without a restart.',
    source: 'SR-28, SR-52',
  },
  'RD-056': {
    ...weak,
    title: 'The client authority is not an authority',
    risk: 'A certificate that may not sign others certifies nobody, so that every peer is refused. It is usually the certificate of one peer, put there in place of its issuer.',
    remedy:
      'Put the certificate of the issuing authority into the file: openssl x509 -noout -ext basicConstraints -in FILE says CA:TRUE.',
    source: 'SR-28, RFC 5280 section 4.2.1.9',
  },
  'RD-057': {
    ...weak,
    title: 'The certificate of the listener is not one for a server',
    risk: 'One without the usage serverAuth is refused by peers that check, and the others have been taught not to. One that is an authority lets a thief of its key certify whatever he likes.',
    remedy:
      'Issue a certificate with extendedKeyUsage=serverAuth and basicConstraints=CA:FALSE. Do not give the listener a certificate that was made for a client or for signing.',
    source: 'SR-28, RFC 5280 section 4.2.1.12',
  },
  'RD-058': {
    ...weak,
    silencing: 'refused',
    title: 'A file of TLS holds nothing that can be used',
    risk: 'Without certificate, key and client authority there is no listener. Falling back to plain HTTP, which is the quick repair, shows every password and token to the network.',
    remedy:
      'Give the listener PEM: certificates begin with -----BEGIN CERTIFICATE-----, the key with -----BEGIN PRIVATE KEY----- and without a passphrase. See what is wrong with openssl x509 -noout -in FILE.',
    source: 'SR-28',
  },
  'RD-059': {
    ...weak,
    severity: 'warning',
    title: 'The certificate of the listener names no host',
    risk: 'Clients look for the name they called among the alternative names and no longer in the subject. A peer that connects all the same does not check whom it reached.',
    remedy:
      'Issue it with a subjectAltName for each name and address that peers connect to: DNS:api.internal, and a URI where peers go by SPIFFE ids.',
    source: 'SR-28, RFC 9525 section 2',
  },
} as const satisfies Record<FindingId, FindingKind>;
