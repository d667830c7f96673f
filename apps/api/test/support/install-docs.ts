import type { Server } from '@redoubt/server';
import { installDocs as install } from '@redoubt/service/testing';

import { api } from '../../src/service.ts';

/** Adds the API reference of the service, as a development start does. */
export function installDocs(app: Server): Promise<void> {
  return install(app, api.service);
}
