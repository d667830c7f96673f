import type { BadConfigurations } from './bad-configuration.ts';
import { badBrowser } from './browser.ts';
import { badNetwork } from './network.ts';
import { badSecrets } from './secrets.ts';
import { badSettings } from './settings.ts';
import { badSilences } from './silences.ts';
import { badDatabase, badSharedStore, badSurroundings } from './surroundings.ts';
import { badTls } from './tls.ts';

/** The bad configurations of every finding that this package finds by itself. */
export const badConfigurations: readonly BadConfigurations[] = [
  badSettings,
  badSecrets,
  badTls,
  badDatabase,
  badSharedStore,
  badSurroundings,
  badNetwork,
  badBrowser,
  badSilences,
];
