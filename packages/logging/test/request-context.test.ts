import { EventEmitter } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { requestContext, type RequestContext } from '../src/index.ts';
import { captureLog } from './captured-log.ts';

describe('the request context', () => {
  it('is absent outside of a request', () => {
    const captured = captureLog();
    captured.logger.info('outside');
    expect(requestContext.get()).toBeUndefined();
    expect(captured.last()).not.toHaveProperty('requestId');
  });

  it('returns what the callback returns and passes on what it throws', () => {
    expect(requestContext.run({ requestId: 'request-1' }, () => 7)).toBe(7);
    expect(() =>
      requestContext.run({ requestId: 'request-1' }, () => {
        throw new RangeError('passed on');
      }),
    ).toThrow(RangeError);
  });

  it('SR-47: marks every line of a request across awaits, timers, events and parallel requests', async () => {
    const captured = captureLog();
    const emitter = new EventEmitter();
    const answer = async (requestId: string): Promise<void> => {
      captured.logger.info({ step: requestId }, 'begin');
      await setImmediate();
      await Promise.all([
        setTimeout(0).then(() => captured.logger.info({ step: requestId }, 'in a timer')),
        setImmediate().then(() => captured.logger.info({ step: requestId }, 'in an immediate')),
      ]);
      queueMicrotask(() => captured.logger.info({ step: requestId }, 'in a microtask'));
      emitter.once(requestId, () => captured.logger.info({ step: requestId }, 'in an event'));
      emitter.emit(requestId);
      await setImmediate();
      captured.logger.child({ part: 'x' }).info({ step: requestId }, 'end');
    };
    const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
    await Promise.all(ids.map((requestId) => requestContext.run({ requestId }, () => answer(requestId))));

    expect(captured.lines()).toHaveLength(ids.length * 6);
    for (const line of captured.lines()) expect(line['requestId']).toBe(line['step']);
  });

  it('SR-47: carries the user from the moment of authentication', () => {
    const captured = captureLog();
    const context: RequestContext = { requestId: 'request-1' };
    requestContext.run(context, () => {
      captured.logger.info('before');
      context.userId = 'user-1';
      captured.logger.info('after');
    });
    expect(captured.lines().map((line) => line['userId'])).toEqual([undefined, 'user-1']);
  });

  it('SR-47: wins over the same names in a record and in bindings, which are kept beside it', () => {
    const captured = captureLog();
    requestContext.run({ requestId: 'request-1', userId: 'user-1' }, () => {
      captured.logger.info({ requestId: 'forged', userId: 'user-2' }, 'x');
      captured.logger.child({ requestId: 'forged', userId: 'user-2' }).info('x');
    });
    for (const line of captured.text().trim().split('\n')) {
      expect(line.match(/"requestId":/g)).toHaveLength(1);
      expect(JSON.parse(line)).toMatchObject({
        requestId: 'request-1',
        userId: 'user-1',
        requestId_: 'forged',
        userId_: 'user-2',
      });
    }
  });
});
