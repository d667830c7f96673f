import { describe, expect, it } from 'vitest';
import { createUuidV7 } from '../src/index.ts';

describe('createUuidV7', () => {
  it('makes UUIDs of version 7 and the RFC variant', () => {
    expect(createUuidV7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('never makes the same one twice, also within a millisecond', () => {
    expect(new Set(Array.from({ length: 100_000 }, createUuidV7)).size).toBe(100_000);
  });

  it('begins with the milliseconds since 1970', () => {
    const before = Date.now();
    const milliseconds = Number.parseInt(createUuidV7().replaceAll('-', '').slice(0, 12), 16);
    expect(milliseconds).toBeGreaterThanOrEqual(before);
    expect(milliseconds).toBeLessThanOrEqual(Date.now());
  });
});
