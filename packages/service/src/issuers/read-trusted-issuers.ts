import { findTrustedIssuerFaults, type Roles, type TrustedIssuer } from '@redoubt/auth';
import { type SettingFault, SettingsError } from '@redoubt/config';

import { faultAt, readSettingsFile } from '../settings-files/settings-file.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { TrustedIssuers } from './trusted-issuers-schema.ts';

const SETTING = 'TRUSTED_ISSUERS_FILE';

/**
 * Reads the issuers that are trusted beside the service itself; none when no file is named. Throws `SettingsError` with
 * every fault of the file, each with its place and without a value, as the other settings do (SR-53).
 */
export async function readTrustedIssuers(
  settings: Pick<ServiceSettings, typeof SETTING | 'PUBLIC_URL' | 'NODE_ENV'>,
  roles: Roles,
): Promise<readonly TrustedIssuer[]> {
  const path = settings[SETTING];
  if (path === undefined) return [];
  const example = 'docs/decisions/010-external-issuers.md';
  const read = await readSettingsFile({ setting: SETTING, path, schema: TrustedIssuers, example });
  const faults = [
    ...findTrustedIssuerFaults(read, { taken: [settings.PUBLIC_URL], roles }).map(({ pointer, expected }) =>
      faultAt(SETTING, pointer, expected),
    ),
    ...(settings.NODE_ENV === 'production' ? faultsInProduction(read) : []),
  ];
  if (faults.length > 0) throw new SettingsError(faults);
  return read;
}

/** Plain http to the own machine is for development: what answers there in production is not a provider. */
function faultsInProduction(issuers: readonly TrustedIssuer[]): readonly SettingFault[] {
  return issuers.flatMap(({ reach }, index) =>
    reach === 'loopback' ? [faultAt(SETTING, `/${index}/reach`, 'public or private in production')] : [],
  );
}
