import { createHash } from 'node:crypto';

/** The prefix of the service's keys and channels in the shared store, and the name of its user. */
const SERVICE_NAME = 'redoubt-api';

/**
 * What the client of the shared store sends, and nothing else: no script, no listing of keys, no administration (SR-50;
 * the list and the test that runs with it stand in packages/storage/README.md).
 */
const SERVICE_COMMANDS = 'get set del incr pttl multi exec publish subscribe unsubscribe ping';

/** A health check asks whether the server answers. */
const HEALTH_COMMANDS = 'ping';

/** The passwords of the users. */
export interface AccessListPasswords {
  readonly service: string;
  readonly health: string;
}

/**
 * The users of the shared store, for `aclfile` (SR-50). Passwords stand in it by their SHA-256, which is enough for ones
 * that nobody can guess. The file format knows no comments. Everything is taken away before something is given: rules
 * add to what a user has.
 */
export function createAccessList({ service, health }: AccessListPasswords): string {
  return [
    'user default off resetpass resetkeys resetchannels -@all',
    `user ${SERVICE_NAME} on ${passwordRule(service)} resetkeys ~${SERVICE_NAME}:* resetchannels &${SERVICE_NAME}:* ${allow(SERVICE_COMMANDS)}`,
    `user health on ${passwordRule(health)} resetkeys resetchannels ${allow(HEALTH_COMMANDS)}`,
    '',
  ].join('\n');
}

function passwordRule(password: string): string {
  return `resetpass #${createHash('sha256').update(password).digest('hex')}`;
}

function allow(commands: string): string {
  return commands.split(' ').reduce((rules, command) => `${rules} +${command}`, '-@all');
}
