import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

import type { AuthorityName } from './authorities.ts';
import { type FoundFiles, foundFirst } from './found-files.ts';
import { issueAuthority } from './issue-certificate.ts';
import { judgeAuthority } from './judge-authority.ts';
import { createPrivateKeyPem } from './private-key.ts';
import type { Thing } from './thing.ts';

/** An authority as it is from now on. */
export interface Authority {
  readonly name: AuthorityName;
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  readonly thing: Thing;
}

/**
 * Keeps, renews or makes an authority.
 *
 * @throws {BootstrapError} as `judgeAuthority` does.
 */
export async function settleAuthority(name: AuthorityName, found: FoundFiles, nowMs: number): Promise<Authority> {
  const [keyFile, certificateFile] = [
    { kind: 'authority key', of: name },
    { kind: 'authority certificate', of: name },
  ] as const;
  const pair = { key: foundFirst(found, keyFile), certificate: foundFirst(found, certificateFile) };
  const { keeps, change } = await judgeAuthority(name, pair, nowMs);
  const keyPem = (keeps === 'nothing' ? undefined : pair.key) ?? createPrivateKeyPem();
  const key = createPrivateKey(keyPem);
  const pem = (keeps === 'both' ? pair.certificate : undefined) ?? (await issueAuthority({ name, key }, nowMs));
  const parts = [
    { content: keyFile, text: keyPem },
    { content: certificateFile, text: pem },
  ];
  return { name, key, certificate: new X509Certificate(pem), thing: { title: `${name} authority`, change, parts } };
}
