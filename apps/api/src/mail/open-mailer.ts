import { join } from 'node:path';

import { createFolderMailer, createSmtpMailer, type Mailer } from '@redoubt/mail';
import { demand, liveAuthorities, type OpenContext } from '@redoubt/service';

import type { Settings } from '../settings.ts';

/** Opens the mail server of the settings, or for development the folder that stands in for one. */
export function openMailer({ settings, secrets, logger, developmentDirectory }: OpenContext<Settings>): Mailer {
  const { MAIL_URL, MAIL_FROM } = settings;
  if (MAIL_URL === undefined && developmentDirectory !== undefined)
    return createFolderMailer({ directory: join(developmentDirectory, 'mail'), logger, now: Date.now });
  const password = secrets['MAIL_PASSWORD'];
  return createSmtpMailer({
    url: demand(MAIL_URL),
    from: developmentDirectory === undefined ? demand(MAIL_FROM) : (MAIL_FROM ?? 'service@service.example'),
    ...mailTrust(settings),
    ...(password === undefined ? {} : { password }),
  });
}

/** How the mail server proves who it is (SR-28): there is no mail without TLS, so an authority is never for nothing. */
export function mailTrust({ MAIL_CA_FILE }: Pick<Settings, 'MAIL_CA_FILE'>): { ca?: () => string } {
  return MAIL_CA_FILE === undefined ? {} : { ca: liveAuthorities('MAIL_CA_FILE', MAIL_CA_FILE) };
}
