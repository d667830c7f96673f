import { expect } from 'vitest';

import { OutboundError } from '../../src/index.ts';

/** The code that a call fails with; `none` for an answer. Any other kind of error fails the test. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(OutboundError);
    return (error as OutboundError).code;
  }
}
