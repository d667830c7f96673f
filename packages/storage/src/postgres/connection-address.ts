const DEFAULT_PORT = 5432;

/** Where a database is, and as whom to ask for it. */
export interface ConnectionAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/**
 * Reads `postgres://user@host:port/database`.
 *
 * @throws {TypeError} when the address does not name a user, a host and a database, or says anything else: a password
 * would be printed with it (SR-51), and parameters such as `sslmode` could quietly weaken what the options ask for.
 */
export function parseConnectionAddress(text: string): ConnectionAddress {
  const url = URL.parse(text);
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new TypeError('url must look like postgres://user@host:port/database');
  }
  if (url.password !== '') throw new TypeError('url must hold no password: pass it as a Secret (SR-51)');
  if (url.search !== '' || url.hash !== '') throw new TypeError('url must hold no parameters: pass them as options');
  const [user, database] = [decodeURIComponent(url.username), decodeURIComponent(url.pathname.slice(1))];
  if (url.hostname === '' || user === '' || database === '' || database.includes('/')) {
    throw new TypeError('url must name a user, a host and a database');
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user,
    database,
  };
}

/** Whether {@link parseConnectionAddress} would take the text. */
export function isConnectionAddress(text: string): boolean {
  try {
    parseConnectionAddress(text);
    return true;
  } catch {
    // The answer is the report.
    return false;
  }
}
