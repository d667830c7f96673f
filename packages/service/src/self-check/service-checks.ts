import {
  allowedOrigins,
  type Environment,
  environmentCredentials,
  judgeProcess,
  judgeTls,
  managementListener,
  proxyRanges,
  reachableDevelopment,
  readProcessFacts,
  readTlsFacts,
  sampleDomain,
  secretChecks,
  type SecretReader,
  type SelfCheck,
  settingsChecks,
  tlsEnd,
  unknownFacts,
} from '@redoubt/config';
import { Secret } from '@redoubt/secrets';
import type { TlsMaterial } from '@redoubt/server';

import type { Service } from '../define-service.ts';
import { secretUses } from '../secrets/secret-declarations.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { loadSamples } from './sample-list.ts';

/** What the checks look at. */
export interface CheckedService {
  readonly service: Service;
  readonly settings: ServiceSettings;
  readonly environment: Environment;
  readonly readSecret: SecretReader;
  /** Reads what the listener's TLS is made of; absent: plain HTTP. */
  readonly readTls?: (() => Promise<TlsMaterial>) | undefined;
  readonly now: () => number;
}

/** Everything that can be judged before a server is asked: settings, secrets, the process, the listener's TLS. */
export function serviceChecks({
  service,
  settings,
  environment,
  readSecret,
  readTls,
  now,
}: CheckedService): readonly SelfCheck[] {
  return [
    ...settingsChecks(
      [
        tlsEnd,
        proxyRanges,
        managementListener,
        reachableDevelopment,
        allowedOrigins,
        environmentCredentials,
        sampleDomain('PUBLIC_URL'),
        sampleDomain('ALLOWED_ORIGINS'),
        sampleDomain('SECURITY_CONTACT'),
        ...(service.selfCheck ?? []),
      ],
      settings,
      environment,
    ),
    ...secretChecks(secretUses(service.secrets, settings), { read: readSecret, loadSampleValues: loadSamples, now }),
    processCheck(environment),
    ...(readTls === undefined ? [] : [tlsCheck(readTls, now)]),
  ];
}

function processCheck(environment: Environment): SelfCheck {
  return {
    area: 'process',
    name: 'the process and what surrounds it',
    run() {
      const facts = readProcessFacts(environment);
      return { findings: judgeProcess(facts), unknown: unknownFacts(facts) };
    },
  };
}

function tlsCheck(readTls: () => Promise<TlsMaterial>, now: () => number): SelfCheck {
  return {
    area: 'tls',
    name: "the listener's certificate, key and client authority",
    run: async () => {
      const { certificate, key: material, clientAuthority } = await readTls();
      const key = Secret.of(material.expose());
      const names = {
        certificate: 'TLS_CERTIFICATE_FILE',
        key: 'TLS_KEY',
        clientAuthority: 'TLS_CLIENT_CA_FILE',
      };
      return judgeTls(readTlsFacts({ certificate, key, clientAuthority, names, nowMs: now() }));
    },
  };
}
