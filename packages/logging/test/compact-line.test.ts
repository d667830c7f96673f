import { describe, expect, it } from 'vitest';
import { compactLine } from '../src/compact-line.ts';

const REQUEST = {
  msg: 'request',
  requestId: 'r1',
  method: 'GET',
  route: '/api/users',
  status: 200,
  durationMs: 2.9214,
};

describe('a line for a person', () => {
  it('is short for a request, and says who asked', () => {
    expect(compactLine({ ...REQUEST, userId: 'u1' })).toStrictEqual({
      text: 'GET /api/users 200 2.9 ms',
      rest: { userId: 'u1' },
    });
  });

  it('keeps the id of a request that failed, to look for what else was logged of it', () => {
    expect(compactLine({ ...REQUEST, status: 503 })?.rest).toStrictEqual({ requestId: 'r1' });
  });

  it('names a security event with its details', () => {
    const securityEvent = {
      id: 'e1',
      occurredAt: 'now',
      name: 'sys_shutdown',
      severity: 'warning',
      details: { reason: 'SIGTERM' },
    };
    expect(compactLine({ msg: 'security event', securityEvent })).toStrictEqual({
      text: 'security event sys_shutdown (warning)',
      rest: { details: { reason: 'SIGTERM' } },
    });
  });

  it('leaves every other line as it is', () => {
    expect(compactLine({ msg: 'request', attempt: 2 })).toBeUndefined();
    expect(compactLine({ msg: 'shutting down', reason: 'SIGTERM' })).toBeUndefined();
  });
});
