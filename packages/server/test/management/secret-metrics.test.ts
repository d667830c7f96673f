import { describe, expect, it } from 'vitest';

import { addSecretMetrics, createMetrics, type SecretCounters, type SecretFacts } from '../../src/index.ts';

interface SecretMetrics {
  readonly counters: SecretCounters;
  /** What a scrape says of secrets. */
  scrape(): Promise<readonly string[]>;
}

function createSecretMetrics(statuses: () => readonly SecretFacts[]): SecretMetrics {
  const { registry } = createMetrics();
  return {
    counters: addSecretMetrics(registry, statuses),
    scrape: async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('secret_')),
  };
}

const healthy: SecretFacts = { name: 'SIGNING_KEY', ageLimitMs: 7_776_000_000, readAtMs: 1_768_478_400_000 };

describe('the metrics of secrets', () => {
  it('SR-52: tell age, limit, last reading, failing and lease of each setting', async () => {
    const { scrape } = createSecretMetrics(() => [
      { ...healthy, ageMs: 86_400_500 },
      {
        ...healthy,
        name: 'DATABASE_PASSWORD',
        failedSinceMs: 1,
        lease: { endsAtMs: 1_768_482_000_000, durationMs: 3_600_000 },
      },
    ]);
    expect(await scrape()).toEqual([
      'secret_age_seconds{setting="SIGNING_KEY"} 86400.5',
      'secret_age_limit_seconds{setting="SIGNING_KEY"} 7776000',
      'secret_age_limit_seconds{setting="DATABASE_PASSWORD"} 7776000',
      'secret_last_read_timestamp_seconds{setting="SIGNING_KEY"} 1768478400',
      'secret_last_read_timestamp_seconds{setting="DATABASE_PASSWORD"} 1768478400',
      'secret_refresh_failing{setting="SIGNING_KEY"} 0',
      'secret_refresh_failing{setting="DATABASE_PASSWORD"} 1',
      'secret_lease_expires_timestamp_seconds{setting="DATABASE_PASSWORD"} 1768482000',
      'secret_lease_duration_seconds{setting="DATABASE_PASSWORD"} 3600',
    ]);
  });

  it('SR-52: are those of the moment: nothing is left of a lease or an outage that is over', async () => {
    let facts: SecretFacts = { ...healthy, failedSinceMs: 1, lease: { endsAtMs: 2_000, durationMs: 1_000 } };
    const { scrape } = createSecretMetrics(() => [facts]);
    expect(await scrape()).toContain('secret_refresh_failing{setting="SIGNING_KEY"} 1');
    facts = healthy;
    const lines = await scrape();
    expect(lines).toContain('secret_refresh_failing{setting="SIGNING_KEY"} 0');
    expect(lines.filter((line) => line.startsWith('secret_lease'))).toEqual([]);
  });

  it('SR-52: count outages by their reason, and new values', async () => {
    const { counters, scrape } = createSecretMetrics(() => []);
    counters.countRefreshFailure('SIGNING_KEY', 'unavailable');
    counters.countRefreshFailure('SIGNING_KEY', 'access-denied');
    counters.countRefreshFailure('SIGNING_KEY', 'access-denied');
    counters.countChange('SIGNING_KEY');
    expect(await scrape()).toEqual([
      'secret_refresh_failures_total{setting="SIGNING_KEY",code="unavailable"} 1',
      'secret_refresh_failures_total{setting="SIGNING_KEY",code="access-denied"} 2',
      'secret_changes_total{setting="SIGNING_KEY"} 1',
    ]);
  });
});
