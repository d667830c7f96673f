import { clientIndex, CLIENT_FOLDER, clientTypes } from './api/write-client.ts';
import { findServices, readService } from './surface/readable-services.ts';
import { surfaceDocument } from './surface/surface-document.ts';
import { takeSurface } from './surface/take-surface.ts';

/**
 * Every file that is made from the services as they are built: the surface and the OpenAPI document of each, the types of
 * its client, and the list of these. By their paths from the root of the repository on.
 */
export async function serviceDocuments(root: string): Promise<ReadonlyMap<string, string>> {
  const services = findServices(root);
  const documents = new Map<string, string>();
  for (const name of services) {
    await readService(root, name, async (service) => {
      documents.set(`apps/${name}/surface.md`, surfaceDocument(name, takeSurface(service)));
      documents.set(`apps/${name}/openapi.json`, `${JSON.stringify(service.openApi, undefined, 2)}\n`);
      documents.set(`${CLIENT_FOLDER}/${name}.ts`, await clientTypes(name, service.openApi));
    });
  }
  return documents.set(`${CLIENT_FOLDER}/index.ts`, clientIndex(services));
}
