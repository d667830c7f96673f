import { createRequestSigner, createSignedOutboundClient, type RequestSigner } from '@redoubt/auth';
import { createOutboundClient, portOf } from '@redoubt/outbound';
import type { LiveSecret } from '@redoubt/secrets';

import type { ServiceSettings } from '../settings/service-settings.ts';
import type { WatchAdapters } from './create-watch.ts';

/** The id under which the webhook knows the shared secret. */
const KEY_ID = 'alert-webhook';

/**
 * Makes the client of the webhook that the settings name: it calls that one host, and signs with the key that holds when
 * it calls (SR-29, SR-42, SR-52). Throws a `TypeError` for a key that is too weak to sign with.
 */
export function createAlertTarget(settings: ServiceSettings, key: LiveSecret | undefined): WatchAdapters {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_REACH: reach } = settings;
  // The settings' own rules demand both or neither.
  if (url === undefined || key === undefined) return {};
  const signerNow = (): RequestSigner =>
    createRequestSigner({ keyId: KEY_ID, algorithm: 'hmac-sha256', key: key.current(), tag: 'webhook' });
  signerNow();
  const { hostname: host } = new URL(url);
  const client = createOutboundClient({ hosts: [{ host, port: portOf(new URL(url)), reach }] });
  const signer: RequestSigner = { sign: (request) => signerNow().sign(request) };
  return { alertTarget: { url, client: createSignedOutboundClient(client, signer) } };
}
