import { randomUUID } from 'node:crypto';
import type { Redis } from 'iovalkey';

/** A command and its arguments. */
type Probe = readonly [command: string, ...args: string[]];

/** Which of some commands the user of a connection may run. */
export interface StorePermissions {
  /** Commands that a service has no use for, and that it may run. */
  readonly allowedCommands: readonly string[];
  /** Whether it may read, write, publish and listen under names that it does not own. */
  readonly foreignAccess: readonly string[];
}

/**
 * Commands that tell whether a right is there. Should one run in spite of everything, it does nothing: its argument is
 * none, or a name that nobody has.
 */
function commandProbes(name: string): ReadonlyMap<string, Probe> {
  return new Map([
    ['ACL', ['ACL', 'GETUSER', name]],
    ['CONFIG', ['CONFIG', 'GET', name]],
    ['DEBUG', ['DEBUG', 'HELP']],
    ['FLUSHALL', ['FLUSHALL', name]],
    ['MODULE', ['MODULE', 'LIST']],
    ['EVAL', ['EVAL', 'return 0', '0']],
    ['FUNCTION', ['FUNCTION', 'LIST']],
    ['SCRIPT', ['SCRIPT', 'EXISTS', name]],
    ['KEYS', ['KEYS', name]],
    ['SCAN', ['SCAN', '0', 'COUNT', '1']],
  ]);
}

function foreignProbes(name: string): ReadonlyMap<string, Probe> {
  return new Map([
    ['read keys', ['GET', name]],
    ['write keys', ['SET', name, '', 'PX', '1']],
    ['publish', ['PUBLISH', name, '']],
    ['listen', ['SUBSCRIBE', name]],
  ]);
}

/**
 * Asks a server, by trying, what the user of a connection may run; nothing of it runs. The server checks rights when a
 * transaction takes a command in, and this transaction cannot be carried out: a command that no server takes stands
 * first in it, and EXEC never comes. `undefined` when the server does not keep transactions so.
 *
 * The connection must be this function's own, must not reconnect, and is to be closed afterwards.
 *
 * @throws the client library's error when the connection is lost on the way.
 */
export async function attemptCommands(client: Redis): Promise<StorePermissions | undefined> {
  if (!(await beginLostTransaction(client))) return undefined;
  const name = `self-check-${randomUUID()}`;
  const allowedCommands = await findAllowed(client, commandProbes(name));
  const foreignAccess = await findAllowed(client, foreignProbes(name));
  return allowedCommands === undefined || foreignAccess === undefined ? undefined : { allowedCommands, foreignAccess };
}

async function beginLostTransaction(client: Redis): Promise<boolean> {
  if ((await replyTo(client, ['MULTI'])) !== 'OK') return false;
  // GET without a key: the server refuses it, and with it to carry out the transaction.
  return (await replyTo(client, ['GET'])) === REFUSED;
}

async function findAllowed(client: Redis, probes: ReadonlyMap<string, Probe>): Promise<readonly string[] | undefined> {
  const allowed: string[] = [];
  for (const [name, probe] of probes) {
    const reply = await replyTo(client, probe);
    if (reply === 'QUEUED') allowed.push(name);
    // It ran: there is no transaction, as behind some proxies. Nothing more is tried.
    if (reply !== 'QUEUED' && reply !== REFUSED) return undefined;
  }
  return allowed;
}

/** Stands for any refusal: no right, no such command, or not inside a transaction. */
const REFUSED = Symbol('refused');

async function replyTo(client: Redis, [command, ...args]: Probe): Promise<unknown> {
  try {
    return await client.call(command, args);
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return REFUSED;
    throw error;
  }
}
