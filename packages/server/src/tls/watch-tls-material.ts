import { createHash } from 'node:crypto';

import type { Logger } from '@redoubt/logging';

import type { TlsMaterial } from './tls-material.ts';

/** How often files are read again: a new certificate serves within 10 s; reading three small files costs nothing. */
const TLS_RELOAD_INTERVAL_MS = 10_000;

/** What {@link watchTlsMaterial} needs. */
export interface TlsWatchOptions {
  /** Reads the material from where it is. */
  readonly read: () => Promise<TlsMaterial>;
  /** Takes new material, or throws: `app.reloadTls`. */
  readonly apply: (material: TlsMaterial) => void;
  /** What the listener has already. */
  readonly initial: TlsMaterial;
  readonly logger: Logger;
  /** Default: {@link TLS_RELOAD_INTERVAL_MS}. */
  readonly intervalMs?: number;
}

/** Looks for new material until it is closed. */
export interface TlsWatch {
  /** Looks now. Never rejects: what cannot be read or used is logged, and the old material stays. */
  reload(): Promise<void>;
  close(): void;
}

/**
 * Applies new material when its content has changed. It reads instead of watching: events of a file system get lost in
 * containers, and a mounted secret changes by the swap of a link. Half of a pair is refused, and read again later; the
 * same fault is logged once.
 */
export function watchTlsMaterial(options: TlsWatchOptions): TlsWatch {
  const { read, apply, initial, logger, intervalMs = TLS_RELOAD_INTERVAL_MS } = options;
  let seen = digestOf(initial);
  const look = async (): Promise<void> => {
    try {
      const material = await read();
      const digest = digestOf(material);
      if (digest === seen) return;
      seen = digest;
      apply(material);
      logger.info('the listener has a new certificate');
    } catch (error) {
      logger.error({ err: error }, 'new TLS material cannot be used; the listener keeps what it has');
    }
  };
  // One look at a time: an older reading must not be applied after a newer one.
  let last = Promise.resolve();
  const reload = (): Promise<void> => (last = last.then(look));
  const timer = setInterval(() => {
    void reload();
  }, intervalMs).unref();
  return { reload, close: () => clearInterval(timer) };
}

/** Lengths keep the parts apart; the key is only ever compared as a hash. */
function digestOf({ certificate, key, clientAuthority }: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const part of [certificate, key.expose(), clientAuthority]) hash.update(`${part.length}:`).update(part);
  return hash.digest('base64');
}
