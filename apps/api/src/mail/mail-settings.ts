import { secretReferenceSetting, urlSetting } from '@redoubt/config';
import { absolutePath } from '@redoubt/service';
import { Type } from '@sinclair/typebox';

/** How mails leave: by whom, from whom, and whom the service believes. */
export const mailSettings = {
  MAIL_URL: Type.Optional(
    urlSetting({
      description: 'SMTP server, without a password: smtps, or smtp with STARTTLS; absent in development: .local/mail',
      protocols: ['smtps:', 'smtp:'],
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      pattern: "^[\\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}$",
      maxLength: 254,
      description: 'Sender of the mails: one address',
    }),
  ),
  MAIL_CA_FILE: Type.Optional(
    absolutePath('Authorities that the mail server is believed by (PEM); absent: the public ones'),
  ),
  MAIL_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of the user in MAIL_URL' })),
};
