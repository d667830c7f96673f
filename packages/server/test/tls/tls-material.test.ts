import { type CertificateContent, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { createPeerIdentifier } from '@redoubt/auth';
import { describe, expect, it } from 'vitest';

import { type TlsMaterial, TlsMaterialError } from '../../src/index.ts';
import { assertTlsMaterial } from '../../src/tls/tls-material.ts';
import { createTestServer } from '../support/test-server.ts';

const NOW_MS = Date.now();
const authority = createTestAuthority(NOW_MS);
const peers = createPeerIdentifier({ services: ['spiffe://example.internal/a'] });

function createMaterial(content: CertificateContent = {}, changes: Partial<TlsMaterial> = {}): TlsMaterial {
  const { certificate, key } = authority.issue({ ...loopbackServer, ...content });
  return { certificate, key: { expose: () => key }, clientAuthority: authority.certificate, ...changes };
}

describe('the material of a TLS listener', () => {
  it('is taken when certificate, key and authority fit', () => {
    expect(() => assertTlsMaterial(createMaterial(), NOW_MS)).not.toThrow();
  });

  const unusable: [what: string, material: TlsMaterial][] = [
    ['a key of another certificate', createMaterial({}, { key: createMaterial().key })],
    ['no key', createMaterial({}, { key: { expose: () => '' } })],
    ['no certificate', createMaterial({}, { certificate: '' })],
    ['half a certificate', createMaterial({}, { certificate: createMaterial().certificate.slice(0, 200) })],
    ['an expired certificate', createMaterial({ validToMs: NOW_MS - 1000 })],
    ['no authority', createMaterial({}, { clientAuthority: '' })],
    ['words in place of an authority', createMaterial({}, { clientAuthority: 'trust me' })],
    ['a leaf in place of an authority', createMaterial({}, { clientAuthority: createMaterial().certificate })],
  ];
  it.each(unusable)('SR-28: %s is refused, at the start as well', async (_what, material) => {
    expect(() => assertTlsMaterial(material, NOW_MS)).toThrow(TlsMaterialError);
    await expect(createTestServer({ tls: material, peers })).rejects.toThrow(TlsMaterialError);
  });

  it('SR-28: a TLS listener without a list of peers does not start', async () => {
    await expect(createTestServer({ tls: createMaterial() })).rejects.toThrow(/needs peers/);
  });

  it('a plain listener has nothing to renew', async () => {
    const { app } = await createTestServer();
    expect(() => app.reloadTls(createMaterial())).toThrow(TypeError);
  });
});
