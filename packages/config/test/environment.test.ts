import { afterEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../src/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('readEnvironment', () => {
  it('gives the variables of the process', () => {
    vi.stubEnv('EXAMPLE_COLOUR', 'red');
    expect(readEnvironment()).toMatchObject({ EXAMPLE_COLOUR: 'red' });
  });

  it('SR-53: gives a copy that later changes do not reach', () => {
    const environment = readEnvironment();
    vi.stubEnv('EXAMPLE_COLOUR', 'red');
    expect(environment).not.toHaveProperty('EXAMPLE_COLOUR');
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it('SR-53: gives an object that inherits no name', () => {
    expect(Object.getPrototypeOf(readEnvironment())).toBeNull();
  });
});
