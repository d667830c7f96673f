import { createTestAuthority } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { rotatingCertificate } from '../src/index.ts';

const authority = createTestAuthority();
function issue() {
  const { certificate, key } = authority.issue({ names: [{ kind: 'uri', value: 'spiffe://example.internal/notes' }] });
  return { certificate, key: { expose: () => key } };
}

describe('a client certificate whose parts change one after the other', () => {
  it('SR-28, SR-52: is presented when both belong together, and the last one until then', () => {
    const [first, second] = [issue(), issue()];
    let now = first;
    const present = rotatingCertificate(() => now);
    expect(present()).toBe(first);
    now = { certificate: second.certificate, key: first.key };
    expect(present()).toBe(first);
    now = second;
    expect(present()).toBe(second);
  });

  it('stays when it cannot be read any more', () => {
    const first = issue();
    let read = () => first;
    const present = rotatingCertificate(() => read());
    read = () => {
      throw new Error('the file is gone');
    };
    expect(present()).toBe(first);
  });

  it('SR-28: is refused at once when the first parts do not belong together', () => {
    const pair = { certificate: issue().certificate, key: issue().key };
    expect(() => rotatingCertificate(() => pair)).toThrow(TypeError);
  });
});
