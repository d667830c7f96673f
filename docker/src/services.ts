/** A service of the stack, as its programs have to know it. */
export interface StackService {
  /** Its name among the containers, which its certificate has as well. */
  readonly name: string;
  /** Before the names of what is its own: volumes, passwords, and the server of its database. */
  readonly prefix: string;
  /** Its user in the shared store, and the beginning of its keys there. */
  readonly storeUser: string;
  /** Whether it issues access tokens, with a key of its own. */
  readonly issuesTokens: boolean;
  /** Whether it calls other services, with a certificate for that beside the one that it serves with. */
  readonly callsServices: boolean;
}

/**
 * Every service of compose.yaml that is built here, each with a database server of its own: roles belong to a whole
 * server, so that on a common one the password of a service would open the tables of the other (SR-49).
 * `pnpm new service` adds a line.
 */
export const services: readonly StackService[] = [
  { name: 'api', prefix: '', storeUser: 'redoubt-api', issuesTokens: true, callsServices: false },
];
