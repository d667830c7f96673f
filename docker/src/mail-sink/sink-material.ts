import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

/** Certificate and private key, in PEM. */
export interface SinkMaterial {
  readonly cert: string;
  readonly key: string;
}

/** Pause between two looks at the files, in milliseconds: a certificate is renewed with a month to spare. */
const FOLLOW_INTERVAL_MS = 10_000;

/** Reads the files as the bootstrap writes them. Throws when they are absent or do not belong together. */
export async function readSinkMaterial(folder: string): Promise<SinkMaterial> {
  const [cert, key] = await Promise.all([
    readFile(join(folder, 'tls-certificate.pem'), 'utf8'),
    readFile(join(folder, 'tls-key.pem'), 'utf8'),
  ]);
  createSecureContext({ cert, key });
  return { cert, key };
}

/** How changed files are followed. */
export interface Following {
  readonly read: () => Promise<SinkMaterial>;
  readonly onChange: (material: SinkMaterial) => void;
  readonly intervalMs?: number;
}

/** Looks at the files for as long as the process lives, and passes on what changed. */
export function followMaterial(
  first: SinkMaterial,
  { read, onChange, intervalMs = FOLLOW_INTERVAL_MS }: Following,
): void {
  let last = first;
  const look = async (): Promise<void> => {
    const next = await read();
    if (next.cert === last.cert) return;
    last = next;
    onChange(next);
  };
  // Half-written files are a moment of a renewal: the next look finds them whole. The health check shows others.
  setInterval(() => {
    look().catch(() => undefined);
  }, intervalMs).unref();
}
