import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createRequestLine, type RequestLine } from '../src/index.ts';
import { boundText } from '../src/redaction/bound-text.ts';
import { captureLog } from './captured-log.ts';

const line: RequestLine = {
  method: 'GET',
  route: '/api/users/:id',
  status: 200,
  durationMs: 1.234_567,
  clientAddress: '203.0.113.7',
  requestId: '019d0f7c-0000-7000-8000-000000000001',
};

describe('the request line', () => {
  it('holds what is known of the request, and equals what the logger would write', () => {
    const captured = captureLog();
    const who = { userId: 'user-1', serviceId: 'spiffe://example.internal/a' };
    createRequestLine(captured.logger)({ ...line, ...who });
    const { requestId, method, route, status, clientAddress } = line;
    captured.logger.info({ requestId, ...who, method, route, status, durationMs: 1.235, clientAddress }, 'request');
    const [fast, slow] = captured.text().split('\n');
    expect(fast).toBe(slow);
  });

  it('equals what the logger would write, whatever its texts are made of', () => {
    const hostile = [
      '"',
      '\\',
      '\n',
      '\u001b[31m',
      '\u2028',
      '\ud800',
      'é',
      '😀',
      ' ',
      '',
      'a'.repeat(255),
      '"'.repeat(256),
    ];
    for (const text of [...hostile, 'a'.repeat(257), 'a'.repeat(2000), '😀'.repeat(600)]) {
      const captured = captureLog();
      const fields = { method: text, route: text, status: 200, durationMs: 1, clientAddress: text };
      const ids = { requestId: text, traceId: text, spanId: text, userId: text, serviceId: text };
      createRequestLine(captured.logger)({ ...ids, ...fields });
      const { lines } = captured;
      const expected = Object.fromEntries(
        Object.entries({ ...ids, ...fields }).map(([name, value]) => [
          name,
          typeof value === 'string' ? boundText(value) : value,
        ]),
      );
      expect(lines()[0]).toMatchObject({ ...expected, msg: 'request' });
      expect(captured.text()).toBe(`${JSON.stringify(lines()[0])}\n`);
    }
  });

  it('has no user before authentication', () => {
    const captured = captureLog();
    createRequestLine(captured.logger)(line);
    expect(captured.last()).not.toHaveProperty('userId');
  });

  it('is an error from status 500 on', () => {
    const captured = captureLog();
    const write = createRequestLine(captured.logger);
    for (const status of [200, 304, 404, 499, 500, 503]) write({ ...line, status });
    expect(captured.lines().map(({ level }) => level)).toEqual(['info', 'info', 'info', 'info', 'error', 'error']);
  });

  it('follows the level of the logger, also when it changes', () => {
    const captured = captureLog();
    const write = createRequestLine(captured.logger);
    captured.logger.level = 'warn';
    write(line);
    write({ ...line, status: 500 });
    captured.logger.level = 'silent';
    write({ ...line, status: 500 });
    expect(captured.lines().map(({ status }) => status)).toEqual([500]);
  });

  it('stays valid JSON with a duration that is no number', () => {
    const captured = captureLog();
    createRequestLine(captured.logger)({ ...line, durationMs: Number.NaN });
    expect(captured.last()['durationMs']).toBeNull();
  });

  it('is refused for a logger of another maker', () => {
    expect(() => createRequestLine(pino({ enabled: false }))).toThrow(TypeError);
  });
});
