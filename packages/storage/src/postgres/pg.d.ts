/** What this package uses of `pg` 8, which ships no types. Names and shapes as in its `lib/client.js` and pg-pool. */
declare module 'pg' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';
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

  /** What the pool hands to the constructor of its connections; the rest of what they need is their own business. */
  export interface PoolConfig<C extends Client> extends Omit<ClientConfig, 'user' | 'password' | 'ssl'> {
    Client: new (config: PoolConfig<C>) => C;
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
    readonly ssl: ConnectionOptions | false;
    readonly user: string;
    readonly connection: { readonly stream: Duplex };
    connect(): Promise<Client>;
    end(): Promise<void>;
    query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>>;
  }

  export interface PoolClient extends Client {
    /** A closure: another one each time the connection is handed out. */
    release: (destroy?: boolean) => void;
  }

  export class Pool<C extends Client> extends EventEmitter {
    constructor(config: PoolConfig<C>);
    readonly Client: PoolConfig<C>['Client'];
    readonly options: PoolConfig<C>;
    on(event: 'connect', listener: (client: C) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    readonly totalCount: number;
    readonly idleCount: number;
    readonly waitingCount: number;
    connect(): Promise<C & PoolClient>;
    end(): Promise<void>;
  }

  export const types: { getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown };
}
