import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addGreetingRoutes } from './example-route.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await createTestApp();
  addGreetingRoutes(service.app);
});
afterAll(() => service.close());

describe("the README's example", () => {
  it('greets in the name of who is signed in', async () => {
    const user = await service.createUser('user');
    const response = await service.post('/api/greetings', { name: 'Ada' }, await service.as(user));
    expect(response.json()).toEqual({ text: 'Hello, Ada!', by: user.id });
  });

  it('SR-1: greets nobody else', async () => {
    expect((await service.post('/api/greetings', { name: 'Ada' })).statusCode).toBe(401);
  });
});
