import { createLogger, createSecurityEventLog } from '@redoubt/logging';
import { SecretError } from '@redoubt/secrets';
import { createLogCapture } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { createSecretAnnouncer } from '../src/secrets/announce-secrets.ts';

function announce() {
  const log = createLogCapture();
  const logger = createLogger({ service: 'test', level: 'info', destination: log.destination });
  const counted: string[] = [];
  const { observer, connect } = createSecretAnnouncer(logger, {
    countChange: (setting) => counted.push(`change ${setting}`),
    countRefreshFailure: (setting, code) => counted.push(`failure ${setting} ${code}`),
  });
  return { observer, counted, connect: () => connect(createSecurityEventLog({ logger })), log };
}

function eventsIn(log: ReturnType<typeof createLogCapture>): unknown[] {
  return log
    .lines()
    .flatMap(({ securityEvent }) => (securityEvent as { name: string; details: object } | undefined) ?? [])
    .map(({ name, details }) => Object.assign({ name }, details));
}

/** Everything that may happen to a secret, each once. */
function tellAll({ observer }: ReturnType<typeof announce>): void {
  observer.changed('TLS_KEY');
  observer.refreshFailed('TLS_KEY', 'timeout', new SecretError('timeout', 'aws-sm://name'));
  observer.recovered('TLS_KEY', 5000);
  observer.leaseExpired('DATABASE_PASSWORD');
  observer.ageLimitPassed('SIGNING_KEY');
}

const events = [
  { name: 'sys_secret_rotated', setting: 'TLS_KEY' },
  { name: 'sys_secret_refresh_failed', setting: 'TLS_KEY', code: 'timeout' },
  { name: 'sys_secret_expired', setting: 'DATABASE_PASSWORD', reason: 'lease' },
  { name: 'sys_secret_expired', setting: 'SIGNING_KEY', reason: 'age' },
];

describe('what happens to secrets', () => {
  it('SR-45, SR-52: is a security event each, once, and counted', () => {
    const announced = announce();
    announced.connect();
    tellAll(announced);
    expect(eventsIn(announced.log)).toEqual(events);
    expect(announced.counted).toEqual(['change TLS_KEY', 'failure TLS_KEY timeout']);
  });

  it('SR-45: is not lost when it happens before there is an audit table to write to', () => {
    const announced = announce();
    tellAll(announced);
    expect(eventsIn(announced.log)).toEqual([]);
    announced.connect();
    expect(eventsIn(announced.log)).toEqual(events);
  });

  it('SR-40: waits in bounded memory', () => {
    const announced = announce();
    for (let time = 0; time < 500; time += 1) announced.observer.changed('TLS_KEY');
    announced.connect();
    expect(eventsIn(announced.log)).toHaveLength(100);
  });
});
