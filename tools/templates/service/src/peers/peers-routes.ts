import { permission } from '@redoubt/auth';
import { OutboundError } from '@redoubt/outbound';
import { AppError, type Server } from '@redoubt/server';
import type { PeerCalls } from '@redoubt/service';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import type { Dependencies } from '../dependencies.ts';

/** As whom another service knows this one. */
const Identity = Type.Object(
  { serviceId: Type.String({ maxLength: 2048, description: 'Its name: spiffe://trust-domain/path.' }) },
  { additionalProperties: false, description: 'This service, as the other one names it.' },
);

/** Calls to other services. The one here asks api as whom it knows the caller: a call by mutual TLS, to begin others from. */
export const peers = {
  name: 'peers',
  addRoutes(app: Server, { api }: Dependencies): void {
    app.get('/api/peers/api', { access: permission('peers:read'), schema: { response: { 200: Identity } } }, () =>
      askIdentity(api),
    );
  },
};

/** What api does not answer, or not as it said it would, is nothing that the client of this service could mend: 503. */
async function askIdentity({ client, origin }: PeerCalls): Promise<Static<typeof Identity>> {
  const { status, body } = await client
    .request({ method: 'GET', url: `${origin}/api/services/me` })
    .catch((error: unknown) => {
      throw error instanceof OutboundError ? new AppError('unavailable', { cause: error }) : error;
    });
  const identity: unknown = status === 200 ? JSON.parse(body.toString('utf8')) : undefined;
  if (!Value.Check(Identity, identity)) throw new AppError('unavailable');
  return identity;
}
