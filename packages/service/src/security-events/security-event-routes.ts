import { permission } from '@redoubt/auth';
import { type Server, StringEnum } from '@redoubt/server';
import { type Static, Type } from '@sinclair/typebox';

import type { ServiceDependencies } from '../service-dependencies.ts';
import { cutPage, PageQuery, pageOf } from '../paging.ts';
import { type SecurityEventRow, SecurityEventStore } from './security-event-store.ts';

/** Details are few and short: the event log bounds them when an event is raised. */
const Details = Type.Record(
  Type.String({ maxLength: 64 }),
  Type.Union([
    Type.String({ maxLength: 1024 }),
    Type.Number({ minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE }),
    Type.Boolean(),
  ]),
  { additionalProperties: false, maxProperties: 16 },
);

const SecurityEventItem = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ maxLength: 64, description: 'Its name in the catalogue.' }),
    severity: StringEnum(['info', 'warning', 'critical']),
    occurredAt: Type.String({ format: 'date-time' }),
    actorId: Type.Optional(Type.String({ maxLength: 255, description: 'Who did it.' })),
    subjectId: Type.Optional(Type.String({ maxLength: 255, description: 'Whom or what it was done to.' })),
    clientAddress: Type.Optional(Type.String({ maxLength: 64 })),
    requestId: Type.Optional(Type.String({ maxLength: 64 })),
    details: Type.Optional(Details),
  },
  { additionalProperties: false, description: 'Something that happened and matters for security.' },
);

/** The newest security events, for those who may read the audit trail. */
export function addSecurityEventRoutes(app: Server, dependencies: ServiceDependencies): void {
  const events = new SecurityEventStore(dependencies.database.kysely);

  app.get(
    '/api/admin/security-events',
    {
      access: permission('audit:read'),
      schema: { querystring: PageQuery, response: { 200: pageOf(SecurityEventItem) } },
    },
    async ({ query }) => {
      await dependencies.securityEvents.settled();
      return cutPage(await events.list(query.limit + 1, query.cursor), query.limit, toItem);
    },
  );
}

function toItem(row: SecurityEventRow): Static<typeof SecurityEventItem> {
  const item: Static<typeof SecurityEventItem> = {
    id: row.id,
    name: row.name,
    severity: row.severity,
    occurredAt: row.occurred_at.toISOString(),
    details: row.details,
  };
  if (row.actor_id !== null) item.actorId = row.actor_id;
  if (row.subject_id !== null) item.subjectId = row.subject_id;
  if (row.client_address !== null) item.clientAddress = row.client_address;
  if (row.request_id !== null) item.requestId = row.request_id;
  return item;
}
