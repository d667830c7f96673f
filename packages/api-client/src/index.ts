export { createServiceClient, type ServiceClientOptions } from './create-service-client.ts';
export type { ServiceClient } from './service-client.ts';
export type * from './services/index.ts';
