import { Buffer } from 'node:buffer';
import { X509Certificate } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import {
  type AlternativeName,
  type CertificateContent,
  CLIENT_AUTHENTICATION,
  createTestAuthority,
  SERVER_AUTHENTICATION,
} from '@redoubt/testing';
import { describe, expect, it, vi } from 'vitest';

import { PeerCertificateError } from '../../src/services/peer-certificate-error.ts';
import { createPeerIdentifier, type Peer, readVerifiedCertificate } from '../../src/services/peer-identifier.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
const BILLING = 'spiffe://example.internal/ns/billing';
const EDGE = 'spiffe://example.internal/edge';
const authority = createTestAuthority(NOW_MS);

const uri = (value: string): AlternativeName => ({ kind: 'uri', value });
const dns = (value: string): AlternativeName => ({ kind: 'dns', value });

function connection(content: CertificateContent = {}, socket = new Socket()) {
  const { certificate } = authority.issue({ names: [uri(BILLING)], ...content });
  return { certificate: new X509Certificate(certificate), request: new IncomingMessage(socket) };
}

/** Who a connection with such a certificate belongs to, or why it is refused. */
function judge(content: CertificateContent, nowMs = NOW_MS): Peer | string {
  const { certificate, request } = connection(content);
  const identify = createPeerIdentifier({
    services: [BILLING],
    edges: [EDGE],
    now: () => nowMs,
    readCertificate: () => certificate,
  });
  try {
    return identify(request);
  } catch (error) {
    expect(error).toBeInstanceOf(PeerCertificateError);
    expect(error).toHaveProperty('message', 'the certificate of the connection is not accepted');
    return (error as PeerCertificateError).reason;
  }
}

describe('who holds the other end of a connection', () => {
  it('SR-28: a listed service is itself, and the edge is a hop', () => {
    const service = { kind: 'service', serviceId: BILLING };
    expect(judge({})).toStrictEqual(service);
    expect(judge({ names: [dns('billing.internal'), uri(BILLING), dns('*.internal')] })).toStrictEqual(service);
    expect(judge({ names: [{ kind: 'ip', value: Buffer.from([10, 0, 0, 1]) }, uri(BILLING)] })).toStrictEqual(service);
    expect(judge({ usages: [SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION] })).toStrictEqual(service);
    expect(judge({ names: [uri(EDGE)] })).toStrictEqual({ kind: 'edge', serviceId: EDGE });
  });

  const injected = `x, URI:${BILLING}`;
  const refused: [what: string, content: CertificateContent, reason: string][] = [
    ['a service off the list', { names: [uri('spiffe://example.internal/ns/shipping')] }, 'unlisted'],
    ['the same path of another trust domain', { names: [uri('spiffe://example.external/ns/billing')] }, 'unlisted'],
    ['a longer path', { names: [uri(`${BILLING}/x`)] }, 'unlisted'],
    ['an authority', { kind: 'authority' }, 'authority'],
    ['a server', { usages: [SERVER_AUTHENTICATION] }, 'usage'],
    ['any usage', { usages: ['2.5.29.37.0'] }, 'usage'],
    ['no stated usage', { usages: [] }, 'usage'],
    ['no names', { names: [] }, 'names'],
    ['no URI', { names: [dns('billing.internal')] }, 'names'],
    ['two URIs', { names: [uri(BILLING), uri('spiffe://example.internal/ns/shipping')] }, 'names'],
    ['the same URI twice', { names: [uri(BILLING), uri(BILLING)] }, 'names'],
    ['a web address', { names: [uri('https://example.internal/ns/billing')] }, 'names'],
    ['the URI as DNS name', { names: [dns(`URI:${BILLING}`)] }, 'names'],
    ['the URI inside a DNS name', { names: [dns(injected)] }, 'names'],
    ['the URI inside an e-mail address', { names: [{ kind: 'email', value: injected }] }, 'names'],
    ['a second URI inside the first', { names: [uri(`${BILLING}, URI:spiffe://example.internal/x`)] }, 'names'],
    ['a DNS name that needs an escape, beside the URI', { names: [dns('a,b'), uri(BILLING)] }, 'names'],
    ['quotes in a DNS name, beside the URI', { names: [dns(`"`), uri(BILLING)] }, 'names'],
    ['a NUL after the URI', { names: [uri(`${BILLING}\0.example`)] }, 'names'],
    ['a line break after the URI', { names: [uri(`${BILLING}\n`)] }, 'names'],
    ['a space before the URI', { names: [uri(` ${BILLING}`)] }, 'names'],
    ['capitals in the trust domain', { names: [uri(BILLING.replace('example', 'Example'))] }, 'names'],
    ['a URI of 2049 bytes', { names: [uri(BILLING.padEnd(2049, 'a'))] }, 'names'],
    ['bytes that are no ASCII', { names: [{ kind: 'uri', value: Buffer.from(`${BILLING}é`, 'latin1') }] }, 'names'],
    ['a validity above 90 days', { validFromMs: NOW_MS - DAY_MS, validToMs: NOW_MS + 89 * DAY_MS + 1000 }, 'lifetime'],
    ['an end that has passed', { validToMs: NOW_MS - 1000 }, 'expired'],
    ['a beginning that has not come', { validFromMs: NOW_MS + 1000 }, 'not-yet-valid'],
  ];
  it.each(refused)('SR-28: a certificate with %s is refused', (_what, content, reason) => {
    expect(judge(content)).toBe(reason);
  });

  it('SR-28: a certificate of exactly 90 days is accepted up to its last second', () => {
    const validity = { validFromMs: NOW_MS - 90 * DAY_MS, validToMs: NOW_MS };
    expect(judge(validity)).toHaveProperty('kind', 'service');
    expect(judge(validity, NOW_MS + 1)).toBe('expired');
    expect(judge(validity, Number.NaN)).toBe('not-yet-valid');
  });

  it('SR-28: a connection is judged once, and its dates at each request', () => {
    const { certificate, request } = connection();
    let nowMs = NOW_MS;
    const readCertificate = vi.fn(() => certificate);
    const identify = createPeerIdentifier({ services: [BILLING], now: () => nowMs, readCertificate });
    expect(identify(request)).toBe(identify(new IncomingMessage(request.socket)));
    expect(readCertificate).toHaveBeenCalledOnce();
    nowMs = certificate.validToDate.getTime() + 1;
    expect(() => identify(request)).toThrow(PeerCertificateError);
  });

  it('SR-28: a refused connection stays refused, and names who it was', () => {
    const { certificate, request } = connection({ names: [uri('spiffe://example.internal/ns/shipping')] });
    const readCertificate = vi.fn(() => certificate);
    const identify = createPeerIdentifier({ services: [BILLING], now: () => NOW_MS, readCertificate });
    for (const attempt of [1, 2, 3])
      expect(() => identify(request), `attempt ${attempt}`).toThrow(
        expect.objectContaining({ reason: 'unlisted', serviceId: 'spiffe://example.internal/ns/shipping' }) as Error,
      );
    expect(readCertificate).toHaveBeenCalledOnce();
  });

  it('SR-28: a connection without TLS has no certificate, whatever it says of itself', () => {
    const socket = Object.assign(new Socket(), {
      authorized: true,
      getPeerX509Certificate: () => connection().certificate,
    });
    const request = new IncomingMessage(socket);
    expect(readVerifiedCertificate(request)).toBeUndefined();
    const identify = createPeerIdentifier({ services: [BILLING] });
    expect(() => identify(request)).toThrow(expect.objectContaining({ reason: 'absent' }) as Error);
  });

  it('SR-30: a reader that throws lets nobody in, this time and the next', () => {
    const identify = createPeerIdentifier({
      services: [BILLING],
      readCertificate: () => {
        throw new Error('the socket is gone');
      },
    });
    const { request } = connection();
    for (const attempt of [1, 2]) expect(() => identify(request), `attempt ${attempt}`).toThrow('the socket is gone');
  });

  it('SR-1: lists that cannot be meant are refused', () => {
    expect(() => createPeerIdentifier({ services: [] })).toThrow(/admits nobody/);
    expect(() => createPeerIdentifier({ services: ['billing'] })).toThrow(TypeError);
    expect(() => createPeerIdentifier({ services: [], edges: ['*'] })).toThrow(TypeError);
    // Every client of the edge would be that service.
    expect(() => createPeerIdentifier({ services: [EDGE], edges: [EDGE] })).toThrow(/must not be listed/);
  });
});
