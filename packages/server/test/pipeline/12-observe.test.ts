import { EventEmitter } from 'node:events';

import { createLogger } from '@redoubt/logging';
import { createLogCapture } from '@redoubt/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';

import { createMetrics } from '../../src/index.ts';
import { createObserve } from '../../src/pipeline/12-observe.ts';

describe('createObserve', () => {
  it('writes the line of a client that hung up, whose socket no longer knows an address', () => {
    const { destination, lines } = createLogCapture();
    const observe = createObserve(createLogger({ service: 'test', level: 'info', destination }), createMetrics());
    const raw = Object.assign(new EventEmitter(), { writableEnded: false });
    const request: unknown = { method: 'GET', id: 'request-1', clientAddress: '203.0.113.7', ip: undefined };
    const reply: unknown = { raw, statusCode: 200, elapsedTime: 1 };
    observe(request as FastifyRequest, reply as FastifyReply);
    raw.emit('close');
    expect(lines()).toMatchObject([{ status: 499, clientAddress: '203.0.113.7', requestId: 'request-1' }]);
  });
});
