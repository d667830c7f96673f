import { Secret } from '@redoubt/secrets';
import { beforeAll, describe, expect, it } from 'vitest';

import { SigningKeyError, SigningKeyScheduleError } from '../../src/errors.ts';
import { createKeyRotation } from '../../src/tokens/key-rotation.ts';
import { generateSigningKeyPem } from '../../src/tokens/signing-key.ts';
import { importSigningKeySchedule } from '../../src/tokens/signing-key-schedule.ts';

const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-02-01T00:00:00Z';

let first: string;
let second: string;
beforeAll(async () => {
  [first, second] = [(await generateSigningKeyPem()).expose(), (await generateSigningKeyPem()).expose()];
});

const read = (text: string) => importSigningKeySchedule(Secret.of(text));

describe('a secret with signing keys', () => {
  it('SR-52: holds one key, or several with the instants since which they sign', async () => {
    expect((await read(first)).map(({ signsFromMs }) => signsFromMs)).toEqual([0]);
    const [own] = await read(first);
    const scheduled = await read(`Signs-From: ${LATE}\n${second}\n\nSigns-From: ${EARLY}\r\n${first}`);
    expect(scheduled.map(({ signsFromMs }) => signsFromMs)).toEqual([Date.parse(EARLY), Date.parse(LATE)]);
    expect(scheduled[0]?.key.kid).toBe(own?.key.kid);
    expect(await read(`${first}Signs-From: ${LATE}\n${second}`)).toHaveLength(2);
  });

  it('is refused in any other form, and shows nothing of itself', async () => {
    const wrong = [
      '',
      'c4n4ry',
      `c4n4ry\n${first}`,
      `${first}c4n4ry`,
      `${first}${second}`,
      `Signs-From: ${EARLY}\n${first}Signs-From: ${EARLY}\n${second}`,
      `Signs-From: ${EARLY}\n${first}Signs-From: ${LATE}\n${first}`,
      ...[
        'tomorrow',
        '2026-01-01',
        '2026-01-01T00:00:00',
        '2026-01-01T00:00:00+01:00',
        '2026-13-01T00:00:00Z',
        '0',
      ].map((instant) => `Signs-From: ${instant}\n${first}`),
      Array.from({ length: 9 }, (_, day) => `Signs-From: 2026-01-0${day + 1}T00:00:00Z\n${first}`).join(''),
    ];
    for (const text of wrong) {
      const error: unknown = await read(text).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(SigningKeyScheduleError);
      expect(String(error)).not.toMatch(/c4n4ry|tomorrow|BEGIN/);
    }
    await expect(read(first.replaceAll('PRIVATE KEY', 'EC PRIVATE KEY'))).rejects.toThrow(SigningKeyError);
  });

  it('SR-52: makes no rotation while none of its keys signs', async () => {
    const keys = await read(`Signs-From: ${LATE}\n${first}`);
    expect(() => createKeyRotation({ keys, now: () => Date.parse(EARLY) })).toThrow(SigningKeyScheduleError);
    const ring = createKeyRotation({ keys, now: () => Date.parse(LATE) }).keyRing;
    expect(ring.signingKey().kid).toBe(keys[0]?.key.kid);
  });

  it('SR-52: rests while the ring was filled by hand', async () => {
    let nowMs = Date.parse(EARLY);
    const keys = await read(`${first}Signs-From: ${LATE}\n${second}`);
    const { keyRing, load } = createKeyRotation({ keys, now: () => nowMs });
    const [own, next] = keys;
    if (own !== undefined) keyRing.replace([own.key]);
    nowMs = Date.parse(LATE);
    expect(keyRing.signingKey().kid).toBe(own?.key.kid);
    load(keys);
    expect(keyRing.signingKey().kid).toBe(next?.key.kid);
  });
});
