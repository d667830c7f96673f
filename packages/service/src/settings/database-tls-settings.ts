import { choiceSetting } from '@redoubt/config';
import { type TString, Type } from '@sinclair/typebox';

/** A setting that names a file of this machine. */
export function absolutePath(description: string): TString {
  return Type.String({ description, pattern: '^/', maxLength: 4096 });
}

/** How a database proves who it is: the same for the service and for its migrations. */
export const databaseTlsSettings = {
  DATABASE_TLS: choiceSetting(['verify-full', 'off'], {
    description: 'Whether the database has to prove who it is, by TLS; off is for one on this machine',
    default: 'verify-full',
    developmentDefault: 'off',
  }),
  DATABASE_CA_FILE: Type.Optional(
    absolutePath('Authorities that the database is believed by (PEM); absent: the public ones'),
  ),
};
