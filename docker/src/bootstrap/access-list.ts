import { createHash } from 'node:crypto';

/**
 * What the client of the shared store sends, and nothing else: no script, no listing of keys, no administration (SR-50;
 * the list and the test that runs with it stand in packages/storage/README.md).
 */
const SERVICE_COMMANDS = 'get set del incr pttl multi exec publish subscribe unsubscribe ping';

/** A health check asks whether the server answers. */
const HEALTH_COMMANDS = 'ping';

/** A service as a user of the shared store: its name is the prefix of its keys and channels, too. */
interface StoreUser {
  readonly name: string;
  readonly password: string;
}

/** Who may use the shared store. */
export interface StoreUsers {
  readonly services: readonly StoreUser[];
  readonly healthPassword: string;
}

/**
 * The users of the shared store, for `aclfile` (SR-50): each service sees its own keys and nobody else's. Passwords stand
 * in it by their SHA-256, which is enough for ones that nobody can guess. The file format knows no comments. Everything is
 * taken away before something is given: rules add to what a user has.
 */
export function createAccessList({ services, healthPassword }: StoreUsers): string {
  return [
    'user default off resetpass resetkeys resetchannels -@all',
    ...services.map(
      ({ name, password }) =>
        `user ${name} on ${passwordRule(password)} resetkeys ~${name}:* resetchannels &${name}:* ${allow(SERVICE_COMMANDS)}`,
    ),
    `user health on ${passwordRule(healthPassword)} resetkeys resetchannels ${allow(HEALTH_COMMANDS)}`,
    '',
  ].join('\n');
}

function passwordRule(password: string): string {
  return `resetpass #${createHash('sha256').update(password).digest('hex')}`;
}

function allow(commands: string): string {
  return commands.split(' ').reduce((rules, command) => `${rules} +${command}`, '-@all');
}
