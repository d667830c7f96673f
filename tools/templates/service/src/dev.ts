/** The service on a developer's machine. */
import { develop } from '@redoubt/service/develop';

await develop({ load: async () => (await import('./service.ts')).sampleService });
