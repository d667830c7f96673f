import {
  azureSettings,
  environmentSecret,
  incompleteAzureWorkload,
  plainCloudEndpoints,
  refuseInProduction,
  staticAzureCredentials,
  staticCloudKeys,
  uncheckedCertificates,
  vaultRules,
  vaultSettings,
} from '@redoubt/config';

import { databaseTlsSettings } from './database-tls-settings.ts';
import { provenDatabase, soundDatabaseAddress } from './settings-rules.ts';

/** What a command that works on the database and ends can be told, beside the database and its password. */
export const databaseCommandSettings = { ...databaseTlsSettings, ...vaultSettings, ...azureSettings };

/** The rules of every such command, for its address and all its passwords: one that was added here is kept by all. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- both stand in the type of the result, which is inferred
export function databaseCommandRules<Url extends string, Password extends string>(
  url: Url,
  ...passwords: readonly Password[]
) {
  return [
    soundDatabaseAddress(url),
    ...passwords.flatMap((password) => refuseInProduction(environmentSecret(password))),
    ...refuseInProduction(
      provenDatabase(url),
      uncheckedCertificates,
      staticCloudKeys,
      plainCloudEndpoints,
      staticAzureCredentials(...passwords),
    ),
    ...vaultRules,
    incompleteAzureWorkload,
  ];
}
