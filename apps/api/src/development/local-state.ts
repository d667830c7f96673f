import { randomBytes } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { generateSigningKeyPem } from '@redoubt/auth';
import { parseSecretReference, type SecretReference } from '@redoubt/secrets';

/** Only the developer may read what a development start makes. */
const PRIVATE_FILE_MODE = 0o600;

/** 192 bits: nobody guesses the administrator of a development start that was left open by mistake. */
const PASSWORD_BYTES = 24;

/** Who the first administrator of a development start is. */
export interface AdministratorCredentials {
  readonly email: string;
  readonly password: string;
}

/** The folder that a development start keeps its state in; git ignores it. */
export class LocalState {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get administratorFile(): string {
    return join(this.directory, 'admin.json');
  }

  get signingKeyFile(): string {
    return join(this.directory, 'signing-key.pem');
  }

  /** Makes a signing key on the first start and answers where it is; tokens of the last start stay valid. */
  async ensureSigningKey(): Promise<SecretReference> {
    if (!(await exists(this.signingKeyFile))) {
      const pem = await generateSigningKeyPem();
      await writeFile(this.signingKeyFile, pem.expose(), { mode: PRIVATE_FILE_MODE, flag: 'wx' });
    }
    return parseSecretReference(pathToFileURL(this.signingKeyFile).href);
  }

  /** Where the signing key of the last start is; `undefined` before the first. */
  async findSigningKey(): Promise<SecretReference | undefined> {
    return (await exists(this.signingKeyFile)) ? this.ensureSigningKey() : undefined;
  }

  /** The administrator's credentials, made on the first start; `isNew` says whether they were made now. */
  async ensureAdministrator(): Promise<{ credentials: AdministratorCredentials; isNew: boolean }> {
    if (await exists(this.administratorFile)) {
      return {
        credentials: JSON.parse(await readFile(this.administratorFile, 'utf8')) as AdministratorCredentials,
        isNew: false,
      };
    }
    const credentials = { email: 'admin@service.example', password: randomBytes(PASSWORD_BYTES).toString('base64url') };
    await writeFile(this.administratorFile, `${JSON.stringify(credentials)}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: 'wx',
    });
    return { credentials, isNew: true };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Absent, or not ours to read: the write that follows tells which.
    return false;
  }
}
