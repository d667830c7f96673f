/** What the self-check says of a start. */
import { developDoctor } from '@redoubt/service/develop';

await developDoctor({ load: async () => (await import('./service.ts')).sampleService });
