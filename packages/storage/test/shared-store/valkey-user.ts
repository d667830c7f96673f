import { randomBytes } from 'node:crypto';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { readServers } from '@redoubt/testing/contracts/servers';
import { Redis } from 'iovalkey';
import type { ValkeyOptions } from '../../src/index.ts';

/** The commands that the README tells an operator to allow, and no other. */
const ALLOWED = ['get', 'set', 'del', 'incr', 'pttl', 'multi', 'exec', 'publish', 'subscribe', 'unsubscribe', 'ping'];

/** A user of the server's access list, confined to one random prefix (SR-50). */
export interface ValkeyUser {
  readonly options: Pick<ValkeyOptions, 'url' | 'username' | 'password' | 'keyPrefix'>;
  /** A client that may do everything. */
  readonly admin: Redis;
  /** Removes the user and its keys. */
  drop(): Promise<void>;
}

/** Creates one on the server that the contract run found. */
export async function createValkeyUser(): Promise<ValkeyUser> {
  const { url, username, password } = readServers().valkey;
  const address = new URL(url);
  if (username !== undefined) address.username = username;
  if (password !== undefined) address.password = password.expose();
  const admin = new Redis(address.href);
  const name = `test-${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(16).toString('hex');
  const keyPrefix = `${name}:`;
  const rules = ['on', `>${secret}`, 'resetkeys', `~${keyPrefix}*`, 'resetchannels', `&${keyPrefix}*`, '-@all'];
  await admin.call('ACL', 'SETUSER', name, 'reset', ...rules, ...ALLOWED.map((command) => `+${command}`));
  return {
    options: { url, username: name, password: fixedSecret(Secret.of(secret)), keyPrefix },
    admin,
    async drop() {
      await admin.call('ACL', 'DELUSER', name);
      const keys = await admin.keys(`${keyPrefix}*`);
      if (keys.length > 0) await admin.del(...keys);
      admin.disconnect();
    },
  };
}
