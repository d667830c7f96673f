/** A development start that throws what nobody catches as soon as it serves. */
import { serveForDevelopment } from '../../src/development/serve-for-development.ts';

await serveForDevelopment();
setImmediate(() => {
  throw new Error('nobody catches this');
});
