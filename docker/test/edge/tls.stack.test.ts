import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { readEnvironment } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { EDGE_PORT, readAuthority } from '../support/stack.ts';
import { LoneEdge } from './support/lone-edge.ts';
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

/** Of a session that the server keeps itself: 256 random bits. */
const SESSION_NUMBER_BYTES = 32;

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

/** What TLS 1.3 offers after a handshake, with what it is asked for again by. */
async function resumableSessions(place: ConnectionOptions = {}): Promise<{
  readonly sessions: readonly Buffer[];
  readonly tickets: readonly Buffer[];
}> {
  const socket = await shakeHands({ ...place, minVersion: 'TLSv1.3' });
  const sessions: Buffer[] = [];
  const tickets: Buffer[] = [];
  socket.on('session', (session) => {
    sessions.push(session);
    tickets.push(socket.getTLSTicket() ?? Buffer.alloc(0));
  });
  // They come before the answer.
  socket.end(`GET /metrics HTTP/1.1\r\nHost: ${EDGE_NAME}\r\nConnection: close\r\n\r\n`);
  await once(socket.resume(), 'close');
  return { sessions, tickets };
}

/** An edge of its own, with an authority of its own. */
function foreign({ port }: LoneEdge): ConnectionOptions {
  return { port, rejectUnauthorized: false };
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
    const old = await shakeHands({ maxVersion: 'TLSv1.2' });
    expect(old.getTLSTicket()).toBeUndefined();
    old.destroy();
  });

  it('gives nothing in TLS 1.3 but the number of a session that the edge keeps', async () => {
    const { sessions, tickets } = await resumableSessions();
    // A session in a ticket would be encrypted with a key that is as old as the process: three times as long at least.
    expect(tickets.map(({ length }) => length)).toEqual(sessions.map(() => SESSION_NUMBER_BYTES));
    expect(new Set(tickets.map((ticket) => ticket.toString('hex'))).size).toBe(tickets.length);
    const [session] = sessions;
    if (session === undefined) throw new Error('the edge offered no session');
    const again = await shakeHands({ session });
    expect([again.isSessionReused(), again.getProtocol()]).toEqual([true, 'TLSv1.3']);
    again.destroy();
    observe(
      'tls-tickets',
      `TLS 1.2: none; TLS 1.3: ${SESSION_NUMBER_BYTES} bytes, the number of a session in the edge's memory`,
    );
  });

  it('forgets its sessions when it ends', async () => {
    await using edge = await LoneEdge.start();
    const { sessions } = await resumableSessions(foreign(edge));
    expect(sessions.length).toBeGreaterThan(1);
    const [session, other] = sessions;
    const isTaken = async (asked: Buffer | undefined): Promise<boolean> => {
      if (asked === undefined) throw new Error('the edge offered no session');
      const socket = await shakeHands({ ...foreign(edge), session: asked });
      const isReused = socket.isSessionReused();
      socket.destroy();
      return isReused;
    };
    expect(await isTaken(session)).toBe(true);
    await edge.restart();
    expect(await isTaken(other)).toBe(false);
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
