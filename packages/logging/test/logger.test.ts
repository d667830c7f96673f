import { describe, expect, it } from 'vitest';
import { createLogger, requestContext, type LogLevel } from '../src/index.ts';
import { captureLog } from './captured-log.ts';

describe('a logger', () => {
  it('writes one line of JSON with the level as a label and the time in UTC with milliseconds', () => {
    const captured = captureLog();
    captured.logger.warn({ attempts: 3 }, 'slow');
    expect(captured.text()).toBe(
      '{"level":"warn","time":"2026-11-23T21:30:15.007Z","service":"example","attempts":3,"msg":"slow"}\n',
    );
  });

  it('writes nothing below its level', () => {
    const written: string[] = [];
    const levels: LogLevel[] = ['warn', 'silent'];
    for (const level of levels) {
      const logger = createLogger({ service: 'example', level, destination: { write: (line) => written.push(line) } });
      logger.info('not written');
    }
    expect(written).toEqual([]);
  });

  it('describes an error given alone, with its message as the message of the line', () => {
    const captured = captureLog();
    const error = Object.assign(new TypeError('no such thing', { cause: new RangeError('too far') }), { code: 'E_X' });
    captured.logger.error(error);
    const line = captured.last();
    expect(line['msg']).toBe('no such thing');
    expect(line['err']).toMatchObject({
      type: 'TypeError',
      message: 'no such thing',
      code: 'E_X',
      cause: { type: 'RangeError', message: 'too far' },
    });
    expect((line['err'] as { stack: string }).stack).toMatch(/^ +at .*logger\.test\.ts/);
  });

  it('describes an error under any key', () => {
    const captured = captureLog();
    captured.logger.error({ err: new Error('one'), reason: new AggregateError([new Error('two')], 'three') }, 'failed');
    expect(captured.last()).toMatchObject({
      err: { message: 'one' },
      reason: { message: 'three', errors: [{ message: 'two' }] },
      msg: 'failed',
    });
  });

  it('writes what is no plain record under `value`', () => {
    const captured = captureLog();
    captured.logger.info([1, 'two']);
    expect(captured.last()['value']).toEqual([1, 'two']);
    captured.logger.info(new Uint8Array(3));
    expect(captured.last()['value']).toBe('[binary 3 bytes]');
    captured.logger.info(new Date(0));
    expect(captured.last()['value']).toBe('1970-01-01T00:00:00.000Z');
  });

  it('never throws, whatever it is given', () => {
    const captured = captureLog();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trap = (): never => {
      throw new Error('trapped');
    };
    const values: unknown[] = [
      undefined,
      null,
      Symbol('s'),
      10n,
      Number.NaN,
      () => 1,
      proxy,
      { proxy },
      new Proxy({}, { ownKeys: trap, get: trap, getPrototypeOf: trap }),
      Object.create(null),
      { toString: trap, toJSON: trap, [Symbol.toPrimitive]: trap },
      { hasOwnProperty: 1, constructor: 2, toJSON: 3 },
      Object.defineProperty(new Error('x'), 'message', { get: trap }),
      Object.defineProperty(new Error('x'), 'stack', { get: trap }),
      Object.assign(new Error('x'), { cause: 7, errors: 'none', name: null }),
      { method: 'GET', headers: {}, socket: {} },
      { setHeader: () => undefined },
    ];
    for (const value of values) {
      captured.logger.info(value as object);
      captured.logger.info('%s %d %o', value as string, value as number, value as object);
      captured.logger.info({ value }, 'x');
      captured.logger.child({ value }).info('x');
    }
    expect(captured.lines()).toHaveLength(values.length * 4);
  });

  it('leaves what it is given unchanged', () => {
    const captured = captureLog();
    const record = Object.freeze({ password: 'given', deep: Object.freeze({ token: 'given', level: 1 }), level: 2 });
    captured.logger.info(record, 'x');
    expect(record).toEqual({ password: 'given', deep: { token: 'given', level: 1 }, level: 2 });
  });

  it('gives children everything that it does itself', () => {
    const captured = captureLog();
    const child = captured.logger.child({ part: 'jobs' }, { serializers: { job: () => 'a job' } });
    requestContext.run({ requestId: 'request-1' }, () => child.info({ job: {}, password: 'x' }, 'ran'));
    expect(captured.last()).toMatchObject({
      service: 'example',
      part: 'jobs',
      job: 'a job',
      password: '[redacted]',
      requestId: 'request-1',
    });
  });
});
