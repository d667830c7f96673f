import type { Service } from '../define-service.ts';
import type { ServiceDependencies } from '../service-dependencies.ts';
import type { RetentionRule } from './retention-job.ts';

/** What a service forgets (SR-80): keys of idempotent requests, and what it says itself. */
export function retentionRules(service: Service, dependencies: ServiceDependencies): readonly RetentionRule[] {
  const { idempotency } = dependencies;
  return [
    { name: 'idempotency_keys', deleteExpired: (maxRows) => idempotency.deleteExpired(maxRows) },
    ...(service.retention?.(dependencies) ?? []),
  ];
}
