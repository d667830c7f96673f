import { loadSettings, type SettingsError } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { serviceSettings } from '../src/settings.ts';

const BILLING = 'spiffe://example.internal/ns/billing';
const EDGE = 'spiffe://example.internal/edge';
const tls = {
  TLS_CERTIFICATE_FILE: '/run/tls/certificate.pem',
  TLS_KEY: 'file:///run/secrets/tls-key',
  TLS_CLIENT_CA_FILE: '/run/tls/client-authority.pem',
};

function faultsOf(environment: Record<string, string>): string[] {
  try {
    loadSettings(serviceSettings, { NODE_ENV: 'development', ...environment });
    return [];
  } catch (error) {
    return (error as SettingsError).faults.map(({ setting }) => setting);
  }
}

describe('the settings of TLS', () => {
  it('come all together or not at all', () => {
    expect(faultsOf({})).toStrictEqual([]);
    expect(faultsOf({ ...tls, ALLOWED_SERVICES: BILLING })).toStrictEqual([]);
    expect(faultsOf({ ...tls, ALLOWED_EDGES: EDGE, ALLOWED_SERVICES: `${BILLING},${BILLING}2` })).toStrictEqual([]);
  });

  for (const name of Object.keys(tls)) {
    it(`SR-53: without ${name} alone nothing starts`, () => {
      const { [name as 'TLS_KEY']: _left, ...others } = tls;
      expect(faultsOf({ ...others, ALLOWED_SERVICES: BILLING })).toStrictEqual([name]);
    });
  }

  it('SR-53: lists without TLS, and TLS without lists, do not start', () => {
    expect(faultsOf({ ALLOWED_SERVICES: BILLING })).toStrictEqual(['TLS_CERTIFICATE_FILE']);
    expect(faultsOf({ ALLOWED_EDGES: EDGE })).toStrictEqual(['TLS_CERTIFICATE_FILE']);
    expect(faultsOf(tls)).toStrictEqual(['ALLOWED_EDGES']);
  });

  it('SR-28: an edge is not a service, and a name is no pattern', () => {
    expect(faultsOf({ ...tls, ALLOWED_SERVICES: EDGE, ALLOWED_EDGES: EDGE })).toStrictEqual(['ALLOWED_EDGES']);
    for (const name of ['*', 'billing', 'spiffe://example.internal/*', 'spiffe://example.internal'])
      expect(faultsOf({ ...tls, ALLOWED_SERVICES: name })).toStrictEqual(['ALLOWED_SERVICES']);
  });
});
