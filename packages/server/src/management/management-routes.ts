import { Type } from '@sinclair/typebox';

import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { StringEnum } from '../route/string-enum.ts';
import type { Server } from '../server.ts';
import { type HealthCheck, runHealthChecks } from './health.ts';
import type { Metrics } from './metrics.ts';

/** What the management listener tells of. */
export interface ManagementOptions {
  readonly checks: readonly HealthCheck[];
  readonly lifecycle: Pick<Lifecycle, 'state'>;
  readonly metrics: Metrics;
}

/** More than any page of metrics of one process. */
const MAX_METRICS_CHARACTERS = 4_000_000;

const Live = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false });

const Ready = Type.Object(
  {
    status: StringEnum(['ok', 'unavailable']),
    dependencies: Type.Array(
      Type.Object(
        { name: Type.String({ maxLength: 64 }), status: StringEnum(['ok', 'failed']) },
        { additionalProperties: false },
      ),
      { maxItems: 32 },
    ),
  },
  { additionalProperties: false },
);

/**
 * Adds the routes for whoever runs the service. They belong on a listener of their own, which only the inside of the
 * network reaches (SR-60): their access is public because the network is the control.
 */
export function addManagementRoutes(app: Server, { checks, lifecycle, metrics }: ManagementOptions): void {
  app.get('/health/live', { access: 'public', schema: { response: { 200: Live } } }, () => ({ status: 'ok' as const }));

  app.get(
    '/health/ready',
    { access: 'public', schema: { response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const dependencies = await runHealthChecks(checks);
      const ready = lifecycle.state === 'ready' && dependencies.every(({ status }) => status === 'ok');
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', dependencies });
    },
  );

  app.get(
    '/metrics',
    {
      access: 'public',
      produces: metrics.registry.contentType,
      schema: { response: { 200: Type.String({ maxLength: MAX_METRICS_CHARACTERS }) } },
    },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
