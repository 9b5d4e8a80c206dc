import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, PoolConfig, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import type { DatabaseClient } from './database-client.js';
import type { QueryOutcome, Statement } from './statement-batch.js';

/** The pool of pg within TypeORM's driver, which does not declare it. */
export const poolOf = ({ driver }: DataSource): Pool & { readonly options: PoolConfig & { max: number } } =>
  (driver as unknown as { master: Pool & { options: PoolConfig & { max: number } } }).master;

/**
 * Runs a statement on a connection of the pool, as its own transaction. A connection whose statement fails is closed, as
 * `Pool.query` does. `messages`: those that it has sent.
 */
export async function runOnPool<Row extends QueryResultRow>(
  dataSource: DataSource,
  statement: Statement,
  values: readonly unknown[],
): Promise<QueryOutcome<Row> & { readonly messages: ReadonlySet<string> }> {
  const client = (await poolOf(dataSource).connect()) as PoolClient & DatabaseClient;
  const outcome = await client.run<Row>(statement, values).catch((error: Error) => {
    client.release(error);
    throw error;
  });
  const messages = client.takeMessages();
  client.release();
  return { ...outcome, messages };
}

@Injectable()
export class ConnectionPool {
  constructor(private readonly dataSource: DataSource) {}

  /** The use of the pool at the moment. `waiting`: callers that wait for a connection. */
  get load() {
    const { options, totalCount, idleCount, waitingCount } = poolOf(this.dataSource);
    return { limit: options.max, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }
}
