import { X509Certificate } from 'node:crypto';

import { type AuthorityName, authorityNames } from './authorities.ts';
import { type FoundFiles, foundFirst, nameOf } from './found-files.ts';
import type { Renewal } from './judge-leaf.ts';
import { services } from '../services.ts';
import { type LeafName, leafProfiles } from './leaves.ts';
import { createPassword, isPassword } from './password.ts';
import { createPrivateKeyPem, readPrivateKey } from './private-key.ts';
import { settleAccessList } from './settle-access-list.ts';
import { type Authority, settleAuthority } from './settle-authority.ts';
import { settleLeaf } from './settle-leaf.ts';
import { settleText } from './settle-text.ts';
import type { SubjectName } from './subject-name.ts';
import type { Thing } from './thing.ts';
import { type FileContent, passwordNames } from './volumes.ts';

/** What the certificates depend on, beside what was found. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Which certificates are made anew: those that are due, or all, as after a key may have been seen. Authorities stay. */
  readonly renewal: Renewal;
  readonly edgeNames: readonly SubjectName[];
}

/** A party, and its certificate as it is from now on. */
export interface SettledCertificate {
  readonly name: LeafName;
  readonly certificate: X509Certificate;
}

/** What is to stand in the volumes, and what became of each thing. */
export interface CompleteFiles {
  readonly things: readonly Thing[];
  readonly certificates: readonly SettledCertificate[];
  readonly textOf: (content: FileContent) => string;
}

/**
 * Answers what every file is to hold, from what was found: what is whole stays, byte for byte, and the rest is made.
 * Reads and writes nothing.
 *
 * @throws {BootstrapError} when the key of an authority was lost.
 */
export async function completeFiles(found: FoundFiles, circumstances: Circumstances): Promise<CompleteFiles> {
  const certificates = await settleCertificates(found, circumstances);
  const drawn = [...settlePasswords(found), ...settleSigningKeys(found)];
  const accessList = settleAccessList(found, textReader(found, drawn));
  const things = [...certificates, ...drawn, accessList];
  const textOf = textReader(found, things);
  const names = [...leafProfiles(circumstances.edgeNames).keys()];
  return { things, certificates: settledCertificates(names, textOf), textOf };
}

/** Who has which certificate from now on. */
function settledCertificates(
  names: readonly LeafName[],
  textOf: CompleteFiles['textOf'],
): readonly SettledCertificate[] {
  return names.map((name) => ({
    name,
    certificate: new X509Certificate(textOf({ kind: 'leaf certificate', of: name })),
  }));
}

async function settleCertificates(
  found: FoundFiles,
  { nowMs, edgeNames, renewal }: Circumstances,
): Promise<readonly Thing[]> {
  const authorities = new Map<AuthorityName, Authority>();
  for (const name of authorityNames) authorities.set(name, await settleAuthority(name, found, nowMs));
  const things = [...authorities.values()].map(({ thing }) => thing);
  for (const [name, profile] of leafProfiles(edgeNames)) {
    const authority = authorities.get(profile.authority);
    if (authority !== undefined) things.push(await settleLeaf({ name, profile, authority, renewal }, found, nowMs));
  }
  return things;
}

function settlePasswords(found: FoundFiles): readonly Thing[] {
  return passwordNames.map((name) =>
    settleText(
      {
        content: { kind: 'password', of: name },
        title: `password of ${name}`,
        isWhole: isPassword,
        create: createPassword,
      },
      found,
    ),
  );
}

function settleSigningKeys(found: FoundFiles): readonly Thing[] {
  const isWhole = (pem: string): boolean => readPrivateKey(pem) !== undefined;
  return services
    .filter(({ issuesTokens }) => issuesTokens)
    .map(({ name }) =>
      settleText(
        {
          content: { kind: 'signing key', of: name },
          title: `signing key of ${name}`,
          isWhole,
          create: createPrivateKeyPem,
        },
        found,
      ),
    );
}

function textReader(found: FoundFiles, things: readonly Thing[]): CompleteFiles['textOf'] {
  const made = new Map(things.flatMap(({ parts }) => parts.map(({ content, text }) => [nameOf(content), text])));
  return (content) => {
    const text = made.get(nameOf(content)) ?? foundFirst(found, content);
    if (text === undefined) throw new TypeError(`the table of volumes names a ${nameOf(content)} that nobody makes`);
    return text;
  };
}
