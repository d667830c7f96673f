import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

/** Where the types of each service are, from the root of the repository on. */
export const CLIENT_FOLDER = 'packages/api-client/src/services';

/** One file for each service, as long as its surface is wide. */
const LONG = '/* oxlint-disable max-lines -- a program wrote it, and nobody reads it from end to end */';

/** Writes the types of a service's operations from its OpenAPI document. */
export async function clientTypes(service: string, document: object): Promise<string> {
  // A field with a default may be left out of a request; what is sent back lists it as required.
  const nodes = await openapiTS(document as OpenAPI3, { defaultNonNullable: false });
  return `${LONG}\n/** Made by \`pnpm client\` from apps/${service}/openapi.json. */\n${astToString(nodes)}`;
}

/** Writes the list of the services that have a client: `api` exports `ApiPaths`. */
export function clientIndex(services: readonly string[]): string {
  const lines = services.map((name) => `export type { paths as ${typeNameOf(name)}Paths } from './${name}.ts';`);
  return `${['// Made by `pnpm client`.', ...lines].join('\n')}\n`;
}

/** `order-items` → `OrderItems`. */
function typeNameOf(service: string): string {
  return service
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
