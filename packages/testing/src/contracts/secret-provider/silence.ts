import type { SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../canary.ts';
import type { SourceUnderTest } from '../secret-provider-contract.ts';
import type { SecretProviderSuite } from './suite.ts';

/** What was written while all the other cases ran: the last of them. */
export function describeSilence<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
): void {
  describe('what was written', () => {
    it('SR-51: holds no value of any case', () => {
      const written = suite.written();
      expect(suite.canaries.filter((canary) => formsOf(canary).some((form) => written.includes(form)))).toEqual([]);
      expect(suite.canaries.length).toBeGreaterThan(0);
    });
  });
}
