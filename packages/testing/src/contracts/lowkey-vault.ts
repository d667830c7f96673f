import { readFileSync } from 'node:fs';
import { readEnvironment } from '@redoubt/config';

/** A running Lowkey Vault, which plays Azure Key Vault and a metadata service. */
export interface LowkeyVault {
  /** `https://localhost` and a port; it tells its key vaults apart by the Host header, and their ports do not matter. */
  readonly url: string;
  /** Where managed identities are asked for: plain HTTP. */
  readonly metadataUrl: string;
  /** What its certificate is checked against, in PEM. */
  readonly ca: string;
}

const WHY =
  'TEST_AZURE_URL is not set, and no test meets Lowkey Vault. Its jar is not served by every registry: ' +
  'set LOWKEY_VAULT_JAR to one, and run tools/with-servers.sh.';

/**
 * The Lowkey Vault that `tools/with-servers.sh` started. Where it had no jar to start, says so on the console, for its
 * tests are then skipped; give `undefined` to `describe.skipIf`.
 */
export function findLowkeyVault(): LowkeyVault | undefined {
  const environment = readEnvironment();
  const url = environment['TEST_AZURE_URL'];
  const metadataUrl = environment['TEST_AZURE_METADATA_URL'];
  const caFile = environment['TEST_AZURE_CA_FILE'];
  if (url === undefined || metadataUrl === undefined || caFile === undefined) {
    console.warn(`\n!!! SKIPPED: ${WHY}\n`);
    return undefined;
  }
  return { url, metadataUrl, ca: readFileSync(caFile, 'utf8') };
}
