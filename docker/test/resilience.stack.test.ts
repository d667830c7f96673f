import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { type Administrator, createAdministrator } from './support/administrator.ts';
import { EdgeClient } from './support/edge-client.ts';
import { composeCommand, containersOf, docker, stackEnvironment, succeeded } from './support/stack.ts';
import { SteadyLoad } from './support/steady-load.ts';

const CLIENTS = 8;
/** Answers before and after what happens: enough that both replicas have served many. */
const ANSWERS = 500;
const PATIENCE = { timeout: 60_000, interval: 100 };

let client: EdgeClient;
let administrator: Administrator;

beforeAll(async () => {
  client = await EdgeClient.create();
  administrator = await createAdministrator(client);
});
afterAll(() => client.close());

describe('two replicas behind the edge', () => {
  it('SR-38: lose no request while one after the other is restarted', async () => {
    await using load = new SteadyLoad(client, administrator.authorization, CLIENTS);
    await moreAnswers(load);
    await restartRolling();
    await moreAnswers(load);
    await load.stop();
    expect(load.failed).toEqual([]);
  }, 180_000);

  it('SR-38, SR-41: lose what is in flight on one that is killed, and nothing else; a repeated create is there once', async () => {
    await using load = new SteadyLoad(client, administrator.authorization, CLIENTS);
    await moreAnswers(load);
    const [killed = ''] = await containersOf('api');
    // It is one of those that serve.
    expect(succeeded(await docker('logs', '--tail', '50', killed)).stdout).toContain('"route":"/api/users"');
    succeeded(await docker('kill', killed));
    const goneAt = performance.now();
    await moreAnswers(load);
    succeeded(await docker('start', killed));
    await vi.waitFor(async () => expect(await healthOf(killed)).toBe('healthy'), PATIENCE);
    await load.stop();

    // A read that was in flight is asked of the other replica; a create is the client's to repeat.
    expect(load.failed.filter(({ name, sentAt }) => name !== 'write' || sentAt > goneAt)).toEqual([]);
    expect(load.failed.length).toBeLessThanOrEqual(CLIENTS);
    const { created } = load;
    expect(created && (await load.repeat(created))).toEqual({ status: 201, id: created?.id });
    for (const { write } of load.failed) {
      const [first, second] = write ? [await load.repeat(write), await load.repeat(write)] : [];
      expect(first?.status).toBe(201);
      expect(second).toEqual(first);
    }
  }, 180_000);
});

async function moreAnswers(load: SteadyLoad): Promise<void> {
  const enough = load.answered + ANSWERS;
  await vi.waitUntil(() => load.answered >= enough, PATIENCE);
}

async function restartRolling(): Promise<void> {
  const script = join(import.meta.dirname, '..', 'rolling-restart.sh');
  const env = { ...stackEnvironment, COMPOSE: composeCommand.join(' ') };
  await promisify(execFile)(script, ['api'], { env });
}

async function healthOf(container: string): Promise<string> {
  const { stdout } = succeeded(await docker('inspect', '--format', '{{.State.Health.Status}}', container));
  return stdout.trim();
}
