import { type RawBuilder, sql } from 'kysely';

export interface ServerRow {
  /** `15`, `18`. */
  readonly serverVersion: number;
  readonly passwordEncryption: string;
}

export const serverQuestion: RawBuilder<ServerRow> = sql`
  select
    current_setting('server_version_num')::int / 10000 as "serverVersion",
    current_setting('password_encryption') as "passwordEncryption"`;

/** How this connection reaches the server. Behind a pooler it is the pooler's connection that the server tells of. */
export interface ConnectionRow {
  readonly isOverNetwork: boolean;
  /** `none`, or the version of TLS as OpenSSL names it. */
  readonly encryption: string;
}

/** No row in the embedded twin, which nobody connects to. */
export const connectionQuestion: RawBuilder<ConnectionRow> = sql`
  select
    coalesce(not (inet_client_addr() <<= inet '127.0.0.0/8' or inet_client_addr() = inet '::1'), false)
      as "isOverNetwork",
    case when s.ssl then s.version else 'none' end as "encryption"
  from pg_stat_ssl s where s.pid = pg_backend_pid()`;

export interface ClockRow {
  readonly time: Date;
}

export const clockQuestion: RawBuilder<ClockRow> = sql`select clock_timestamp() as "time"`;
