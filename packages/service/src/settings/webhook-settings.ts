import { choiceSetting, secretReferenceSetting, urlSetting } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

/** Where alerts go, beside events and metrics (SR-46). */
export const webhookSettings = {
  ALERT_WEBHOOK_URL: Type.Optional(
    urlSetting({
      description: 'Where alerts of detections are posted to, signed; absent: they are events and metrics only',
      protocols: ['https:'],
    }),
  ),
  ALERT_WEBHOOK_KEY: Type.Optional(
    secretReferenceSetting({ description: 'Secret that the webhook shares: at least 32 random characters' }),
  ),
  ALERT_WEBHOOK_REACH: choiceSetting(['public', 'private'], {
    description: 'Whether the webhook may be at an address of the own network',
    default: 'public',
  }),
};
