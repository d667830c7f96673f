import { Counter, Gauge, type Registry } from 'prom-client';

/** What the metrics take from the status of one secret; instants are milliseconds since 1970. */
export interface SecretFacts {
  /** The setting that names it: the label `setting`. */
  readonly name: string;
  /** Absent where its source does not tell. */
  readonly ageMs?: number;
  readonly ageLimitMs: number;
  readonly readAtMs: number;
  /** Absent while refreshes succeed. */
  readonly failedSinceMs?: number;
  readonly lease?: { readonly endsAtMs: number; readonly durationMs: number };
}

/** Counts what happens to secrets. */
export interface SecretCounters {
  /** Counts one outage: refreshes that fail one after the other, by what the first one failed with. */
  countRefreshFailure(setting: string, code: string): void;
  /** Counts one new value. */
  countChange(setting: string): void;
}

/** The gauges, each with what it reads from a status: seconds, `undefined` for a secret that has none. */
const gauges = [
  {
    name: 'secret_age_seconds',
    help: 'Time since the version of a secret in use was made.',
    read: ({ ageMs }) => inSeconds(ageMs),
  },
  {
    name: 'secret_age_limit_seconds',
    help: 'Age that a secret of this kind may reach.',
    read: ({ ageLimitMs }) => inSeconds(ageLimitMs),
  },
  {
    name: 'secret_last_read_timestamp_seconds',
    help: 'When the source of a secret last gave or confirmed it.',
    read: ({ readAtMs }) => inSeconds(readAtMs),
  },
  {
    name: 'secret_refresh_failing',
    help: 'Whether the refreshes of a secret fail: 1 or 0.',
    read: ({ failedSinceMs }) => (failedSinceMs === undefined ? 0 : 1),
  },
  {
    name: 'secret_lease_expires_timestamp_seconds',
    help: 'When the lease of a secret ends; absent without a lease.',
    read: ({ lease }) => inSeconds(lease?.endsAtMs),
  },
  {
    name: 'secret_lease_duration_seconds',
    help: 'How long the lease of a secret was granted for; absent without a lease.',
    read: ({ lease }) => inSeconds(lease?.durationMs),
  },
] as const satisfies readonly {
  name: string;
  help: string;
  read: (facts: SecretFacts) => number | undefined;
}[];

/**
 * Adds the metrics of secrets (SR-52), labelled with the setting and with nothing of a value. Gauges are read from the
 * statuses at each scrape; the counters are for who observes the secrets.
 */
export function addSecretMetrics(registry: Registry, statuses: () => readonly SecretFacts[]): SecretCounters {
  for (const { name, help, read } of gauges) addGauge(registry, { name, help }, () => readAll(statuses(), read));
  const failures = new Counter({
    name: 'secret_refresh_failures_total',
    help: 'Outages of the refreshes of a secret, by the reason of the first failure.',
    labelNames: ['setting', 'code'] as const,
    registers: [registry],
  });
  const changes = new Counter({
    name: 'secret_changes_total',
    help: 'New values of a secret.',
    labelNames: ['setting'] as const,
    registers: [registry],
  });
  return {
    countRefreshFailure: (setting, code) => failures.inc({ setting, code }),
    countChange: (setting) => changes.inc({ setting }),
  };
}

/** A gauge whose values are those of the moment: a lease that is gone leaves no line behind. */
function addGauge(
  registry: Registry,
  texts: { readonly name: string; readonly help: string },
  readValues: () => ReadonlyMap<string, number>,
): void {
  const gauge = new Gauge({
    ...texts,
    labelNames: ['setting'] as const,
    registers: [],
    collect() {
      this.reset();
      for (const [setting, value] of readValues()) this.set({ setting }, value);
    },
  });
  registry.registerMetric(gauge);
}

function readAll(
  statuses: readonly SecretFacts[],
  read: (facts: SecretFacts) => number | undefined,
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const facts of statuses) {
    const value = read(facts);
    if (value !== undefined) values.set(facts.name, value);
  }
  return values;
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
