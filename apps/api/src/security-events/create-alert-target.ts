import { createRequestSigner, createSignedOutboundClient } from '@redoubt/auth';
import { createOutboundClient, portOf } from '@redoubt/outbound';
import type { SecretResolver } from '@redoubt/secrets';

import type { Settings } from '../settings.ts';
import type { WatchAdapters } from './create-watch.ts';

/** The id under which the webhook knows the shared secret. */
const KEY_ID = 'alert-webhook';

/** Makes the client of the webhook that the settings name: it calls that one host, and signs (SR-29, SR-42). */
export async function createAlertTarget(settings: Settings, secrets: SecretResolver): Promise<WatchAdapters> {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_KEY: reference, ALERT_WEBHOOK_REACH: reach } = settings;
  // The settings' own rules demand both or neither.
  if (url === undefined || reference === undefined) return {};
  const key = await secrets.resolve(reference);
  const signer = createRequestSigner({ keyId: KEY_ID, algorithm: 'hmac-sha256', key, tag: 'webhook' });
  const { hostname: host } = new URL(url);
  const client = createOutboundClient({ hosts: [{ host, port: portOf(new URL(url)), reach }] });
  return { alertTarget: { url, client: createSignedOutboundClient(client, signer) } };
}
