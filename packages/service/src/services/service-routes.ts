import { anyService } from '@redoubt/auth';
import { type Server, serviceOf } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

/** Longest SPIFFE id, in bytes (SPIFFE-ID, section 2.3). */
const MAX_SERVICE_ID_LENGTH = 2048;

const CallingService = Type.Object(
  {
    serviceId: Type.String({ maxLength: MAX_SERVICE_ID_LENGTH, description: 'Its name: spiffe://trust-domain/path.' }),
  },
  {
    additionalProperties: false,
    description: 'A service, as its client certificate or the list of signed callers names it.',
  },
);

/** For other services: as whom this one knows the caller, to try a new certificate or a new key with. */
export function addServiceRoutes(app: Server): void {
  app.get('/api/services/me', { access: anyService(), schema: { response: { 200: CallingService } } }, (request) => ({
    serviceId: serviceOf(request).serviceId,
  }));
}
