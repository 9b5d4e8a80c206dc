import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Metrics } from '../../src/common/metrics/metrics.js';
import { loadConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/data-source.js';
import { AccessLease } from '../../src/optional/access-cache/access-lease.js';
import { ConfirmAccessChange } from '../../src/optional/access-cache/confirm-access-change.js';
import { Sql } from '../../src/database/sql.js';
import { Transaction } from '../../src/database/transaction.js';
import { API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

let dataSource: DataSource;
let transaction: Transaction;
let sql: Sql;
beforeAll(async () => {
  const databaseUrl = await cloneDatabase();
  dataSource = await createDataSource(databaseUrl, 1).setOptions({ migrations: [] }).initialize();
  const config = loadConfig({
    DATA_DIR: tmpdir(),
    DATABASE_URL: databaseUrl,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
  });
  const confirmation = new ConfirmAccessChange(
    dataSource,
    new AccessLease(dataSource, config, new Metrics()),
  );
  transaction = new Transaction(dataSource, config, confirmation);
  sql = new Sql(dataSource, transaction, confirmation);
});
afterAll(() => dataSource.destroy());

const count = () => sql.one({ name: 'count_users', text: 'select count(*)::int as users from users' }, []);

it('a statement of work that is not awaited does not run in the next transaction', async () => {
  const { promise: next, resolve: begin } = Promise.withResolvers<void>();
  let late: Promise<unknown> = Promise.resolve();
  await transaction.run(async () => {
    await count();
    late = next.then(count);
  });

  await transaction.run(async () => {
    await count(); // on the same connection
    begin();
    await expect(late).rejects.toThrow('a statement follows the end of its transaction');
  });
});
