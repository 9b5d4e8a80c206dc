import { Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { Metrics } from '../../common/metrics/metrics.js';
import { HashQueue } from '../../common/secrets/hash-queue.js';
import { version } from '../../common/version.js';
import { ConnectionPool } from '../../database/connection/connection-pool.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { IdentityProvider } from '../auth/oidc/index.js';

@Injectable()
export class ProcessGauges {
  private readonly gauges: ReturnType<typeof createGauges>;

  constructor(
    { registry }: Metrics,
    private readonly pool: ConnectionPool,
    private readonly transaction: Transaction,
    private readonly hashes: HashQueue,
    private readonly provider: IdentityProvider,
  ) {
    this.gauges = createGauges(registry);
    this.gauges.build.set({ version }, 1);
  }

  update(): void {
    this.updateDatabaseUse();
    for (const { lane, running, waiting } of this.hashes.load) {
      this.gauges.hashesRunning.set({ lane }, running);
      this.gauges.hashesWaiting.set({ lane }, waiting);
    }
    const isReachable = this.provider.isReachable();
    if (isReachable !== null) this.gauges.providerReachable.set(isReachable ? 1 : 0);
  }

  private updateDatabaseUse(): void {
    const pool = this.pool.load;
    this.gauges.connections.set({ state: 'in_use' }, pool.inUse);
    this.gauges.connections.set({ state: 'idle' }, pool.idle);
    this.gauges.connectionLimit.set(pool.limit);
    this.gauges.connectionsWaiting.set(pool.waiting);
    const { limit, held, waiting } = this.transaction.load;
    this.gauges.transactions.set(held);
    this.gauges.transactionLimit.set(limit);
    this.gauges.transactionsWaiting.set(waiting);
  }
}

function createGauges(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge<Label>({ name: `tenantry_${name}`, help, labelNames, registers: [registry] });
  return {
    build: gauge('build_info', 'Always 1; the version is a label', ['version']),
    connections: gauge('database_connections', 'Connections of the pool', ['state']),
    connectionLimit: gauge('database_connections_limit', 'DATABASE_POOL_SIZE'),
    connectionsWaiting: gauge('database_connections_waiting', 'Statements that wait for a connection'),
    transactions: gauge('transactions_in_progress', 'Transactions in progress'),
    transactionLimit: gauge('transactions_limit', 'Transactions that may be in progress at a time'),
    transactionsWaiting: gauge('transactions_waiting', 'Changes that wait to begin a transaction'),
    hashesRunning: gauge('password_hashes_running', 'Password hashes that are computed', ['lane']),
    hashesWaiting: gauge('password_hashes_waiting', 'Password hashes that wait to be computed', ['lane']),
    providerReachable: gauge(
      'identity_provider_reachable',
      'Whether the identity provider answered last; 0 without single sign-on',
    ),
  };
}
