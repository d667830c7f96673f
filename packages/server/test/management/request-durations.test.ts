import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { DURATION_BUCKETS_SECONDS, RequestDurations } from '../../src/management/request-durations.ts';

describe('the durations of requests', () => {
  it('are shown as prom-client shows its own histogram, bounds and labels of every kind included', async () => {
    const own = new Registry();
    const durations = new RequestDurations();
    durations.register(own);
    const library = new Registry();
    const histogram = new Histogram({
      name: durations.name,
      help: durations.help,
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [...DURATION_BUCKETS_SECONDS],
      registers: [library],
    });
    expect(await own.metrics()).toBe(await library.metrics());
    const seconds = [0, 0.000_4, ...DURATION_BUCKETS_SECONDS, 0.001_000_1, 9.999, 10.001, 3600];
    for (const [method, route, status] of [
      ['GET', '/a', 200],
      ['POST', '/a', 200],
      ['GET', '/a', 404],
      ['GET', '/quoted"\\', 499],
      ['GET', '/a', 200],
    ] as const)
      for (const duration of seconds) {
        durations.observe(method, route, status, duration);
        histogram.observe({ method, route, status }, duration);
      }
    const lines = (text: string): string[] => text.split('\n').toSorted();
    expect(lines(await own.metrics())).toEqual(lines(await library.metrics()));
    expect(await own.getMetricsAsJSON()).toHaveLength(1);
  });

  it('start over with the registry', async () => {
    const registry = new Registry();
    const durations = new RequestDurations();
    durations.register(registry);
    durations.observe('GET', '/a', 200, 1);
    registry.resetMetrics();
    expect(await registry.metrics()).not.toContain('/a');
  });
});
