import type { PoolConfig } from 'pg';
import { first } from '../../common/collections.js';
import { DatabaseClient } from '../../database/connection/database-client.js';
import type { Statement } from '../../database/connection/statement-batch.js';
import { type ChangesRow, READ_CHANGES, REGISTER, UNREGISTER } from './change-log.statements.js';

const DEADLINE_MS = 1000;

/**
 * A separate connection on which a replica reads the access changes and registers itself: an exhausted pool must not
 * end its lease. A statement without a response within a second closes it.
 */
export class ChangeLogConnection {
  /** Resolves when the last statement has ended. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: DatabaseClient,
    private readonly replicaId: string,
  ) {}

  /** Connects and registers the replica. @param options of the pool */
  static async open(options: PoolConfig, replicaId: string): Promise<ChangeLogConnection> {
    const client = new DatabaseClient({
      ...options,
      silenceMs: DEADLINE_MS,
      application_name: 'tenantry access cache',
    });
    try {
      await client.connect();
      const connection = new ChangeLogConnection(client, replicaId);
      await connection.register(null);
      return connection;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  /** The changes since the snapshot; none if that is null. */
  async readChanges(since: string | null): Promise<ChangesRow> {
    return first(await this.run<ChangesRow>(READ_CHANGES, [since, this.replicaId]));
  }

  /** From now on, writers wait for this replica, unless their change is visible in the snapshot. */
  async register(seen: string | null): Promise<void> {
    await this.run(REGISTER, [this.replicaId, seen]);
  }

  async unregister(): Promise<void> {
    await this.run(UNREGISTER, [this.replicaId]);
  }

  close(): void {
    this.client.destroy();
  }

  /** One after the other: statements that are sent together would be one transaction, and a registration not committed. */
  private async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const outcome = this.last.then(() => this.client.run<Row>(statement, values));
    this.last = outcome.catch(() => undefined);
    return (await outcome).rows;
  }
}
