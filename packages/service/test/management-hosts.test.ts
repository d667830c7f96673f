import { describe, expect, it } from 'vitest';

import { managementHostsOf } from '../src/settings/allowed-hosts.ts';

describe('the names of the management listener', () => {
  it.each([
    ['10.0.0.1', [], ['localhost', '10.0.0.1']],
    ['Metrics.internal', [], ['localhost', 'metrics.internal']],
    ['::', ['fd00::1', 'API'], ['localhost', '[::]', '[fd00::1]', 'api']],
  ])('are its own and those of the settings, as headers write them: %s, %j', (MANAGEMENT_HOST, given, names) => {
    const hosts = managementHostsOf({ MANAGEMENT_HOST, MANAGEMENT_ALLOWED_HOSTS: given });
    expect(hosts).toEqual({ names, addresses: 'any' });
  });
});
