import { createPrivateKey } from 'node:crypto';

import { type FoundFiles, foundFirst } from './found-files.ts';
import { issueLeaf } from './issue-certificate.ts';
import { judgeLeaf, type Renewal } from './judge-leaf.ts';
import type { LeafName, LeafProfile } from './leaves.ts';
import { createPrivateKeyPem } from './private-key.ts';
import type { Authority } from './settle-authority.ts';
import type { Thing } from './thing.ts';

/** A party, what its certificate says, and who signs it. */
export interface Leaf {
  readonly name: LeafName;
  readonly profile: LeafProfile;
  readonly authority: Authority;
  readonly renewal: Renewal;
}

/** Keeps a party's certificate and key, or makes both: a new certificate always comes with a new key. */
export async function settleLeaf(leaf: Leaf, found: FoundFiles, nowMs: number): Promise<Thing> {
  const { name, profile, authority, renewal } = leaf;
  const [keyFile, certificateFile] = [
    { kind: 'leaf key', of: name },
    { kind: 'leaf certificate', of: name },
  ] as const;
  const pair = { key: foundFirst(found, keyFile), certificate: foundFirst(found, certificateFile) };
  const change = await judgeLeaf(pair, { profile, authority, renewal }, nowMs);
  const title = `certificate of ${name}`;
  if (change === 'kept') return { title, change, parts: [] };
  const keyPem = createPrivateKeyPem();
  const pem = await issueLeaf({ name, profile, key: createPrivateKey(keyPem) }, authority, nowMs);
  const parts = [
    { content: keyFile, text: keyPem },
    { content: certificateFile, text: pem },
  ];
  return { title, change, parts };
}
