import {
  createAccessTokenIssuer,
  createKeyRing,
  defineRoles,
  generateSigningKeyPem,
  importSigningKey,
} from '@redoubt/auth';
import { createLogger, createUuidV7 } from '@redoubt/logging';
import { createLogCapture } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { createTokenVerifier } from '../src/issuers/create-token-verifier.ts';

const issuer = 'https://notes.service.example';
const audience = 'sample-notes';
const roles = defineRoles({ user: [] });
const logger = createLogger({ service: 'test', level: 'info', destination: createLogCapture().destination });

describe('the access tokens that a service takes', () => {
  it('SR-15: are none of its own, when it has no keys', async () => {
    const keyRing = createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
    const tokens = createAccessTokenIssuer({ keyRing, issuer, audience, createId: createUuidV7 });
    const authenticatedAt = Math.floor(Date.now() / 1000);
    const { token } = await tokens.issue({ userId: createUuidV7(), role: 'user', authenticatedAt });
    const issuing = createTokenVerifier({ issuer, audience, keyRing, roles }, { logger });
    await expect(issuing.verify(token)).resolves.toMatchObject({ role: 'user' });
    const other = createTokenVerifier({ issuer, roles }, { logger });
    await expect(other.verify(token)).rejects.toMatchObject({ reason: 'issuer' });
  });
});
