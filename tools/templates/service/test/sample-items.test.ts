import { randomUUID } from 'node:crypto';

import { createTestService } from '@redoubt/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { throwawayAdapters } from '../src/build/throwaway-adapters.ts';
import { sampleService } from '../src/service.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly text: string }[];
  readonly nextCursor?: string;
}

const open = async () => createTestService(sampleService, { adapters: await throwawayAdapters() });

let service: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  service = await open();
});
afterAll(() => service.close());

/** Somebody of whom nothing is stored yet. */
class Person {
  readonly #user = { id: randomUUID(), role: 'user' };

  async write(text: string, key: string = randomUUID()) {
    return service.post('/api/sample-items', { text }, { ...(await this.#headers()), 'idempotency-key': key });
  }

  async read(query = ''): Promise<Page> {
    const answer = await service.app.inject({ url: `/api/sample-items${query}`, headers: await this.#headers() });
    expect(answer.statusCode).toBe(200);
    return answer.json<Page>();
  }

  async forget(): Promise<number> {
    const headers = await this.#headers();
    return (await service.app.inject({ method: 'DELETE', url: '/api/sample-items', headers })).statusCode;
  }

  #headers(): Promise<Record<string, string>> {
    return service.as(this.#user);
  }
}

const textsOf = ({ items }: Page): readonly string[] => items.map(({ text }) => text);

describe('sample-items', () => {
  it('keeps what somebody writes, in the order of time', async () => {
    const person = new Person();
    expect((await person.write('first')).statusCode).toBe(201);
    service.clock.advance(1);
    expect((await person.write('second')).statusCode).toBe(201);
    expect(textsOf(await person.read())).toEqual(['first', 'second']);
  });

  it('gives a long list page by page', async () => {
    const person = new Person();
    for (const text of ['one', 'two', 'three']) {
      await person.write(text);
      service.clock.advance(1);
    }
    const first = await person.read('?limit=2');
    expect(textsOf(first)).toEqual(['one', 'two']);
    const rest = await person.read(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([textsOf(rest), rest.nextCursor]).toEqual([['three'], undefined]);
  });

  it('SR-41: stores once what is sent twice with one key', async () => {
    const person = new Person();
    const key = randomUUID();
    const [once, again] = [await person.write('once', key), await person.write('once', key)];
    expect(again.json<{ id: string }>().id).toBe(once.json<{ id: string }>().id);
    expect(textsOf(await person.read())).toEqual(['once']);
  });

  it('SR-2: shows nobody what is of somebody else, and forgets only what is of the one who asks', async () => {
    const [person, other] = [new Person(), new Person()];
    await person.write('mine');
    expect(textsOf(await other.read())).toEqual([]);
    expect(await other.forget()).toBe(204);
    expect(textsOf(await person.read())).toEqual(['mine']);
    expect(await person.forget()).toBe(204);
    expect(textsOf(await person.read())).toEqual([]);
  });

  for (const [what, text] of [
    ['no text', ''],
    ['a text that is too long', 'a'.repeat(1001)],
  ] as const) {
    it(`SR-16: refuses ${what}`, async () => {
      expect((await new Person().write(text)).statusCode).toBe(400);
    });
  }
});
