import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { createRequestLine, createSecurityEventLog, requestContext, type Logger } from '../src/index.ts';
import { captureLog } from './captured-log.ts';
import { hostileTexts } from './hostile-texts.ts';

/** Each logged field, by the ways a text can reach it. */
const fields: Record<string, (logger: Logger, text: string) => void> = {
  message: (logger, text) => logger.info(text),
  'message argument': (logger, text) => logger.info('value: %s', text),
  'message beside a record': (logger, text) => logger.info({ a: 1 }, text),
  'record value': (logger, text) => logger.info({ value: text }),
  'nested value': (logger, text) => logger.info({ a: { b: [{ c: text }] } }),
  'record key': (logger, text) => logger.info({ [text]: 1 }),
  'map key': (logger, text) => logger.info({ map: new Map([[text, text]]) }),
  'array item': (logger, text) => logger.info({ list: [text, text] }),
  'error message': (logger, text) => logger.error(new Error(text)),
  'error cause': (logger, text) => logger.error(new Error('outer', { cause: new Error(text) })),
  'error name': (logger, text) => logger.error(Object.assign(new Error('x'), { name: text })),
  'error stack': (logger, text) => logger.error(Object.assign(new Error('x'), { stack: `Error: x\n    at ${text}` })),
  'error property': (logger, text) => logger.error(Object.assign(new Error('x'), { constraint: text })),
  'child binding': (logger, text) => logger.child({ part: text }).info('from a child'),
  'changed binding': (logger, text) => {
    const child = logger.child({});
    child.setBindings({ part: text });
    child.info('from a child');
  },
  'message prefix': (logger, text) => logger.child({}, { msgPrefix: text }).info('prefixed'),
  'request id': (logger, text) => requestContext.run({ requestId: text }, () => logger.info('in a request')),
  'user id': (logger, text) =>
    requestContext.run({ requestId: 'request-1', userId: text }, () => logger.info('in a request')),
  'request line': (logger, text) =>
    createRequestLine(logger)({
      method: text,
      route: text,
      status: 200,
      durationMs: 1,
      userId: text,
      clientAddress: text,
      requestId: text,
    }),
  'security event': (logger, text) =>
    createSecurityEventLog({ logger }).raise('authz_fail', {
      actorId: text,
      subjectId: text,
      clientAddress: text,
      details: { text, [text]: true },
    }),
};

/** What may not stand in a line, before or after parsing, but the breaks between the frames of a stack. */
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.entries(value).flatMap(textsInMember)];
}

/** A stack holds frames, one on a line. */
function textsInMember([key, member]: [string, unknown]): string[] {
  return key === 'stack' && typeof member === 'string' ? member.split('\n') : textsIn(member);
}

describe('hostile text in a logged field', () => {
  for (const [field, log] of Object.entries(fields)) {
    it(`SR-44: in the ${field} stays inside one line of valid JSON, bounded and without control characters`, () => {
      for (const hostile of hostileTexts) {
        const captured = captureLog();
        log(captured.logger, hostile);

        const text = captured.text();
        expect(text.split('\n')).toHaveLength(2);
        expect(text.slice(0, -1)).not.toMatch(control);
        for (const written of textsIn(captured.last())) {
          expect(written).not.toMatch(control);
          expect(written.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(written)).toBeLessThanOrEqual(1_024);
        }
      }
    });
  }

  it('SR-44: cannot set the level, the time, the service or the message of a line through a record', () => {
    const captured = captureLog();
    captured.logger.info({ level: 'fatal', time: 'yesterday', service: 'other', msg: 'forged' }, 'told');
    captured.logger.child({ level: 'fatal', time: 'yesterday', service: 'other', msg: 'forged' }).info('told');
    for (const line of captured.text().trim().split('\n')) {
      const keys = [...line.matchAll(/"(level|time|service|msg)":/g)].map(([, key]) => key);
      expect(keys.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['level', 'msg', 'service', 'time']);
      expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'example', msg: 'told', level_: 'fatal' });
    }
  });

  it('SR-44: a text above 1 KiB is cut and says so', () => {
    const captured = captureLog();
    captured.logger.info({ exact: 'é'.repeat(512), above: `${'é'.repeat(512)}e` });
    expect(captured.last()['exact']).toBe('é'.repeat(512));
    expect(captured.last()['above']).toMatch(/^é{509}\[cut\]$/);
  });

  it('SR-44: a line stays short however much is logged at once', () => {
    const captured = captureLog();
    const wide = Array.from({ length: 10_000 }, () => ({ text: 'some words of text '.repeat(100) }));
    captured.logger.info({ wide, deep: { wide, deeper: { wide } } });
    expect(captured.text().length).toBeLessThan(32_768);
  });

  it('SR-44: the frames of a stack cannot be imitated by the lines of a message', () => {
    const captured = captureLog();
    captured.logger.error(new Error('refused\n    at forged (attacker.js:1:1)'));
    expect((captured.last()['err'] as { stack: string }).stack).not.toContain('forged');
  });
});
