import type { ContractSchema } from '@redoubt/testing/contracts/contract-schema';
import { describeDatabaseContract } from '@redoubt/testing/contracts/database-contract';
import { createTestDatabase } from '@redoubt/testing/contracts/test-database';

describeDatabaseContract('PostgreSQL server', { open: () => createTestDatabase<ContractSchema>() });
