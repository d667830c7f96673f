export { DATABASE_UNAVAILABLE, DatabaseUnavailableError } from './database/database-unavailable-error.ts';
export type { Database } from './database/database.ts';
export { isLockTimeout } from './database/is-lock-timeout.ts';
export { isUnavailable } from './database/is-unavailable.ts';
export { isUniqueViolation } from './database/is-unique-violation.ts';
export {
  ACQUIRE_TIMEOUT_MS,
  IDLE_CONNECTION_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  MAX_CONNECTION_LIFETIME_SECONDS,
  PING_DEADLINE_MS,
  SILENT_SERVER_GRACE_MS,
  STATEMENT_TIMEOUT_MS,
} from './database/timeouts.ts';
export { borrowEngine } from './embedded/borrow-engine.ts';
export { type EmbeddedEngine, openEmbeddedEngine } from './embedded/embedded-engine.ts';
export type { EngineChannel } from './embedded/engine-messages.ts';
export { lendEngine } from './embedded/lend-engine.ts';
export { type EmbeddedOptions, openEmbedded } from './embedded/open-embedded.ts';
export { countPendingMigrations, type PendingMigrationsOptions } from './inspection/count-pending-migrations.ts';
export { type DatabaseFacts, inspectDatabase, type InspectDatabaseOptions } from './inspection/inspect-database.ts';
export { inspectSharedStore, type SharedStoreFacts } from './inspection/inspect-shared-store.ts';
export {
  migrate,
  MIGRATION_STATEMENT_TIMEOUT_MS,
  type MigrateOptions,
  type MigrateResult,
} from './migrations/migrate.ts';
export { MigrationError, type MigrationErrorCode } from './migrations/migration-error.ts';
export { openPostgres, type PoolStatistics, type PostgresDatabase } from './postgres/open-postgres.ts';
export type { PostgresOptions } from './postgres/postgres-options.ts';
export { isConnectionAddress } from './postgres/connection-address.ts';
export type { PostgresTls } from './postgres/postgres-tls.ts';
export { createRoles, type CreateRolesOptions } from './roles/create-roles.ts';
export { ROLE_MEMBER_PATTERN, type RoleMembers } from './roles/role-members.ts';
export { DEFAULT_ROLES, type RoleNames } from './roles/role-names.ts';
export { MAX_KEY_BYTES, MAX_TTL_MS, MAX_VALUE_BYTES } from './shared-store/limits.ts';
export { createMemoryStore, MEMORY_STORE_MAX_KEYS, type MemoryStoreOptions } from './shared-store/memory-store.ts';
export { SHARED_STORE_UNAVAILABLE, SharedStoreUnavailableError } from './shared-store/shared-store-error.ts';
export type {
  CounterState,
  GapListener,
  MessageListener,
  SharedStore,
  Unsubscribe,
} from './shared-store/shared-store.ts';
export {
  COMMAND_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  type ValkeyOptions,
  type ValkeyTls,
} from './shared-store/valkey-options.ts';
export { connectValkey } from './shared-store/valkey-store.ts';
export type { StorageLogger } from './storage-logger.ts';
