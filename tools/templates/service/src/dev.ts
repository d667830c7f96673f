/** The service on a developer's machine. */
import { develop } from '@redoubt/service/develop';

await develop({
  entry: import.meta.filename,
  directory: '.local/sample-service',
  load: async () => (await import('./service.ts')).sampleService,
});
