import { join } from 'node:path';

import { createLogger } from '@redoubt/logging';
import { detectionRules } from '@redoubt/server';
import { createLogCapture, createManualClock } from '@redoubt/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { EventScenes } from './support/event-scenes.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { evaluateSigma, type LogLine, readSigmaRules } from './support/sigma.ts';

const rules = readSigmaRules(join(import.meta.dirname, '../../../deploy/alerts/sigma'));
const MINUTE_MS = 60_000;

let scenes: EventScenes | undefined;
afterEach(() => scenes?.service.close());

/** What the service writes while a scene is played, with the time of a clock that the scene can advance. */
async function record(scene: Scene): Promise<LogLine[]> {
  const clock = createManualClock();
  const log = createLogCapture();
  const logger = createLogger({ service: 'test', level: 'info', destination: log.destination, now: clock.now });
  scenes = await EventScenes.create({ logger }, clock);
  await scene(scenes, clock.advance);
  await scenes.service.dependencies.detections.settled();
  return log.lines();
}

type Scene = (scenes: EventScenes, advance: (milliseconds: number) => void) => Promise<unknown>;

async function refuse(scenes: EventScenes, times: number): Promise<void> {
  const headers = await scenes.service.as((await scenes.person()).row);
  await scenes.repeat(times, () => scenes.call({ url: '/api/users', headers }));
}

/** Each rule by the detection that it stands for: what makes it ring, and what just does not. */
const cases: Record<string, { rings: Scene; misses: Record<string, Scene> }> = {
  password_guessing: {
    rings: async (scenes) => scenes.fail(10, (await scenes.person()).row.email),
    misses: {
      'nine on one account': async (scenes) => scenes.fail(9, (await scenes.person()).row.email),
      'ten on two accounts': async (scenes) => {
        await scenes.fail(5, (await scenes.person()).row.email);
        await scenes.fail(5, createEmail());
      },
      'ten in ten minutes': async (scenes, advance) => {
        const { row } = await scenes.person();
        await scenes.repeat(10, async () => {
          await scenes.fail(1, row.email);
          advance(MINUTE_MS);
        });
      },
    },
  },
  password_spraying: {
    rings: (scenes) => {
      const address = scenes.address();
      return scenes.repeat(50, () => scenes.signIn(createEmail(), createPassword(), address));
    },
    misses: {
      'forty-nine on as many accounts': (scenes) => {
        const address = scenes.address();
        return scenes.repeat(49, () => scenes.signIn(createEmail(), createPassword(), address));
      },
      'two hundred of one address on nineteen accounts': async (scenes, advance) => {
        const [address, emails] = [scenes.address(), Array.from({ length: 19 }, createEmail)];
        for (let round = 0; round < 5; round += 1) {
          for (const email of emails) await scenes.fail(2, email, address);
          advance(MINUTE_MS);
        }
      },
      'fifty on fifty accounts of as many addresses': (scenes) =>
        scenes.repeat(50, () => scenes.signIn(createEmail(), createPassword())),
    },
  },
  token_reuse: {
    rings: (scenes) => scenes.refresh(2, 11_000),
    misses: { 'a repeated refresh within its ten seconds': (scenes) => scenes.refresh(2, 5_000) },
  },
  role_grant: {
    rings: async (scenes) => {
      const { row } = await scenes.person();
      await scenes.asAdministrator({ method: 'PATCH', url: `/api/users/${row.id}`, payload: { role: 'admin' } });
    },
    misses: {
      'another change of an account': async (scenes) => {
        const { row } = await scenes.person();
        await scenes.asAdministrator({ method: 'PATCH', url: `/api/users/${row.id}`, payload: { disabled: true } });
      },
    },
  },
  privilege_escalation: {
    rings: (scenes) => refuse(scenes, 20),
    misses: {
      'nineteen refusals': (scenes) => refuse(scenes, 19),
      'thirty of two callers': async (scenes) => {
        await refuse(scenes, 15);
        await refuse(scenes, 15);
      },
    },
  },
  scanning: {
    rings: (scenes) => {
      const remoteAddress = scenes.address();
      return scenes.repeat(100, () => scenes.call({ url: '/.env', remoteAddress }));
    },
    misses: {
      'ninety-nine of one address': (scenes) => {
        const remoteAddress = scenes.address();
        return scenes.repeat(99, () => scenes.call({ url: '/.env', remoteAddress }));
      },
      'a hundred and fourteen in six minutes': async (scenes, advance) => {
        const remoteAddress = scenes.address();
        for (let minute = 0; minute < 6; minute += 1) {
          await scenes.repeat(19, () => scenes.call({ url: '/.env', remoteAddress }));
          advance(MINUTE_MS);
        }
      },
    },
  },
};

describe('the Sigma rules', () => {
  it('SR-46: are one for each detection, and the parts of it', () => {
    const named = new Set(detectionRules.map(({ name }) => `redoubt_${name}`));
    const parts = new Set([...rules.values()].flatMap((rule) => ('correlation' in rule ? rule.correlation.rules : [])));
    expect([...rules.keys()].filter((name) => !parts.has(name)).toSorted()).toEqual([...named].toSorted());
    expect(Object.keys(cases)).toEqual(detectionRules.map(({ name }) => name));
  });

  it('SR-46: have the numbers of the detections', () => {
    for (const { name, threshold, accounts } of detectionRules as readonly {
      name: string;
      threshold: number;
      accounts?: number;
    }[]) {
      const rule = rules.get(`redoubt_${name}`);
      const parts =
        rule !== undefined && 'correlation' in rule
          ? [rule, ...rule.correlation.rules.map((part) => rules.get(part))]
          : [];
      const numbers = parts.flatMap((part) =>
        part !== undefined && 'correlation' in part && part.correlation.condition !== undefined
          ? [part.correlation.condition.gte]
          : [],
      );
      const expected = [...(threshold > 1 ? [threshold] : []), ...(accounts === undefined ? [] : [accounts])];
      expect({ name, numbers }).toEqual({ name, numbers: expected });
    }
  });

  for (const [name, { rings, misses }] of Object.entries(cases)) {
    it(`SR-46: ${name} finds the attack in what the service wrote of it`, async () => {
      expect(evaluateSigma(rules, `redoubt_${name}`, await record(rings))).not.toEqual([]);
    });

    for (const [what, scene] of Object.entries(misses)) {
      it(`SR-46: ${name} finds nothing in ${what}`, async () => {
        expect(evaluateSigma(rules, `redoubt_${name}`, await record(scene))).toEqual([]);
      });
    }
  }
});
