import { once } from 'node:events';
import process from 'node:process';

import { checkHealth } from './mail-sink/check-health.ts';
import { createMailSink } from './mail-sink/create-mail-sink.ts';
import { followMaterial, readSinkMaterial } from './mail-sink/sink-material.ts';

/** RFC 8314, section 3.3: submission with TLS from the first byte. */
const PORT = 465;

/** Where the stack mounts the certificate and its key. */
const SECRETS_FOLDER = '/run/secrets';

/** `mail-sink.js health` is the health check of the container; without an argument it serves. */
if (process.argv[2] === 'health') await checkHealth(PORT, (await readSinkMaterial(SECRETS_FOLDER)).cert);
else await serve();

async function serve(): Promise<void> {
  const read = () => readSinkMaterial(SECRETS_FOLDER);
  const material = await read();
  const sink = createMailSink(material, (text) => process.stdout.write(`${text}\n`));
  followMaterial(material, { read, onChange: (next) => sink.updateSecureContext(next) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => sink.close());
  await once(sink.listen(PORT), 'listening');
  process.stdout.write(`taking mail on port ${PORT}, passing none on\n`);
}
