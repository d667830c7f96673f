import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** OpenSSL's name of P-256, the one curve of this stack (SR-3, SR-28). */
const CURVE = 'prime256v1';

const PKCS8_PEM = { type: 'pkcs8', format: 'pem' } as const;

/** Makes a private key on P-256, as PKCS#8 in PEM. */
export function createPrivateKeyPem(): string {
  return generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey.export(PKCS8_PEM);
}

/** Reads a private key on P-256 from PKCS#8 in PEM; `undefined` for anything else, a cut-off one included. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  const key = parsePem(pem);
  return key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === CURVE ? key : undefined;
}

function parsePem(pem: string): KeyObject | undefined {
  if (!pem.startsWith('-----BEGIN PRIVATE KEY-----\n')) return undefined;
  try {
    return createPrivateKey(pem);
  } catch {
    // Its message may quote the key. The caller says what becomes of one that cannot be read.
    return undefined;
  }
}
