import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { readEnvironment } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { EDGE_PORT, readAuthority } from '../support/stack.ts';
import { observe } from './support/observe.ts';
import { askRaw } from './support/raw-answer.ts';
import { EDGE_NAME } from './support/raw-exchange.ts';
import { edgeLineOf } from './support/stack-logs.ts';
import {
  earlyDataLimits,
  missingScanners,
  scanWithSslscan,
  scanWithTestssl,
  seriousFindings,
} from './support/tls-scanners.ts';

/** TLS 1.3's three, and those of TLS 1.2 that an elliptic certificate goes with (SR-27). */
const SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

/** What testssl.sh says of every edge like this one, and why it stays so. */
const accepted: readonly (readonly [id: RegExp, reason: string])[] = [
  [/^cipher_order/, 'each suite is as good as the others: the client knows what its hardware is fast at'],
  [/^cert_revocation/, 'the certificate lives 90 days, and its authority is local'],
  [/^DNS_CAArecord/, 'localhost has no zone to have a record in'],
];

/** Without it, the scanners may be missing; the reason is printed. */
const isRequired = readEnvironment()['TEST_STACK_REQUIRED'] === '1';
const missing = await missingScanners();
if (missing.length > 0 && isRequired) throw new Error(`not installed: ${missing.join(', ')}`);
const skipped = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`;

async function shakeHands(options: ConnectionOptions): Promise<TLSSocket> {
  const ca = await readAuthority();
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const place = { host: '127.0.0.1', port: EDGE_PORT, servername: EDGE_NAME, ca };
  const socket = connect({ ...place, ...options }, () => resolve(socket));
  socket.once('error', reject);
  return promise;
}

describe('SR-27: TLS', () => {
  for (const group of ['X25519MLKEM768', 'X25519', 'P-256', 'P-384']) {
    it(`agrees on a key by ${group}`, async () => {
      const socket = await shakeHands({ ecdhCurve: group });
      expect(socket.getProtocol()).toBe('TLSv1.3');
      socket.destroy();
    });
  }

  it('agrees by default on the group that holds against a quantum computer, and on none but these', async () => {
    const since = new Date();
    const { group } = await edgeLineOf(await askRaw({ path: '/.well-known/jwks.json' }), since);
    expect(group).toBe('X25519MLKEM768');
    await expect(shakeHands({ ecdhCurve: 'P-521' })).rejects.toThrow(/handshake failure/);
    observe('tls-groups', 'X25519MLKEM768 by default; X25519, P-256, P-384; no other');
  });

  it('is 1.2 or 1.3: an older version is refused', async () => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
      await expect(shakeHands(old)).rejects.toThrow(/version|protocol/i);
    }
  });

  it('has no suite without forward secrecy or without authenticated encryption', async () => {
    const weak = [
      'AES128-GCM-SHA256',
      'AES256-SHA',
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-SHA',
      'ECDHE-ECDSA-AES128-CCM8',
      'ECDHE-ECDSA-ARIA128-GCM-SHA256',
      'DHE-RSA-AES128-GCM-SHA256',
    ];
    for (const ciphers of weak)
      await expect(shakeHands({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` })).rejects.toThrow(
        /handshake failure/,
      );
    observe('tls-weak-suites', `TLS 1.0, TLS 1.1 and ${weak.length} weak suites: handshake refused`);
  });

  it('gives no ticket in TLS 1.2', async () => {
    const socket = await shakeHands({ maxVersion: 'TLSv1.2' });
    expect(socket.getTLSTicket()).toBeUndefined();
    socket.destroy();
    observe('tls-tickets', 'no ticket');
  });

  it('takes nothing with the first flight of TLS 1.3, which anybody may send again', async () => {
    const limits = await earlyDataLimits();
    expect(limits.length).toBeGreaterThan(0);
    expect(new Set(limits)).toEqual(new Set([0]));
    observe('tls-early-data', 'at most 0 bytes');
  });

  it.skipIf(missing.length > 0)(`has exactly six suites, to sslscan${skipped}`, async () => {
    const report = await scanWithSslscan();
    const versions = [...report.matchAll(/<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g)].map(
      (each) => each[2],
    );
    expect(versions).toEqual(['1.2', '1.3']);
    const suites = [...report.matchAll(/<cipher [^>]*cipher="([\w-]+)"/g)].map((each) => each[1] ?? '');
    expect(suites.toSorted()).toEqual(SUITES);
    observe('tls-sslscan', 'TLS 1.2 and 1.3, exactly the six suites');
  });

  it.skipIf(missing.length > 0)(
    `is found nothing against by testssl.sh${skipped}`,
    async () => {
      const findings = await scanWithTestssl();
      expect(findings.length).toBeGreaterThan(50);
      const unknown = seriousFindings(findings).filter(({ id }) => !accepted.some(([pattern]) => pattern.test(id)));
      expect(unknown).toEqual([]);
      // Older versions give none.
      const grades = findings.filter(({ id }) => id === 'overall_grade').map(({ finding }) => finding);
      expect(['A+', undefined]).toContain(grades[0]);
      observe('tls-testssl', `nothing from LOW on, but for what is accepted${grades.length > 0 ? '; A+' : ''}`);
    },
    300_000,
  );
});
