/** What this package uses of `pg` 8, which ships no types. Names and shapes as in its `lib/client.js` and pg-pool. */
declare module 'pg' {
  import type { EventEmitter } from 'node:events';
  import type { ConnectionOptions } from 'node:tls';

  export interface ClientConfig {
    host: string;
    port: number;
    user: string;
    database: string;
    password: () => string | undefined;
    ssl: ConnectionOptions | false;
    sslnegotiation: 'postgres' | 'direct';
    application_name: string;
    client_encoding: string;
    options: string;
    keepAlive: boolean;
    keepAliveInitialDelayMillis: number;
    /** Milliseconds, as all timeouts here. */
    statement_timeout: number;
    lock_timeout: number;
    idle_in_transaction_session_timeout: number;
    query_timeout: number;
    types: { getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown };
  }

  export interface PoolConfig extends ClientConfig {
    Client: typeof Client;
    max: number;
    connectionTimeoutMillis: number;
    idleTimeoutMillis: number;
    maxLifetimeSeconds: number;
  }

  export interface QueryResult<Row> {
    command: string;
    rowCount: number | null;
    rows: Row[];
  }

  export class Client extends EventEmitter {
    constructor(config: ClientConfig);
    readonly processID: number | null;
    connect(): Promise<Client>;
    end(): Promise<void>;
    query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>>;
  }

  export interface PoolClient extends Client {
    release(destroy?: boolean): void;
  }

  export class Pool extends EventEmitter {
    constructor(config: PoolConfig);
    readonly Client: typeof Client;
    readonly options: PoolConfig;
    readonly totalCount: number;
    readonly idleCount: number;
    readonly waitingCount: number;
    connect(): Promise<PoolClient>;
    end(): Promise<void>;
  }

  export const types: { getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown };
}
