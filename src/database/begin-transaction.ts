import type { PoolClient } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { DatabaseClient } from './connection/database-client.js';
import { PreparedQuery } from './prepared-query.js';

export type OpenTransaction = {
  readonly manager: EntityManager;
  readonly connection: PoolClient;
  /** The names of the locks that it holds. */
  readonly locks: Set<string>;
};

const BEGIN = { name: 'transaction_begin', text: 'begin' };

/**
 * Begins a transaction in the round trip of its first statements; TypeORM's `startTransaction` has one of its own. If it
 * fails, the connection is closed: no statement may run outside of the transaction.
 */
export async function beginTransaction(
  runner: QueryRunner,
): Promise<{ open: OpenTransaction; begun: Promise<unknown> }> {
  const connection = (await runner.connect()) as PoolClient & DatabaseClient;
  connection.takeAccessChange(); // of a transaction that was rolled back
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 }); // as `startTransaction` does
  const begun = new PreparedQuery(BEGIN, []).execute(connection).catch((error: unknown) => {
    connection.destroy();
    throw error;
  });
  return { open: { manager: runner.manager, connection, locks: new Set() }, begun };
}
