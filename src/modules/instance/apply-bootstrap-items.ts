import { Injectable } from '@nestjs/common';
import { outageKind } from '../../common/errors/outage.js';
import type { BootstrapItem } from '../../config/bootstrap-items.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AppliedBootstrapItemsRepository } from './applied-bootstrap-items.repository.js';
import { BootstrapItemFailed } from './errors.js';
import { SetUpOrganization } from './set-up-organization.js';

/**
 * Applies each item of the bootstrap once. What people change or remove afterwards stays as they left it: a revoked key
 * does not come back with a restart.
 */
@Injectable()
export class ApplyBootstrapItems {
  constructor(
    private readonly applied: AppliedBootstrapItemsRepository,
    private readonly setUp: SetUpOrganization,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /**
   * In the transaction of the bootstrap, whose lock lets one replica pass at a time.
   *
   * @throws BootstrapItemFailed
   */
  async run(orgId: string): Promise<void> {
    const { items } = this.config.bootstrap;
    if (items.length === 0) return;
    const done = new Set((await this.applied.list()).map(keyOf));
    const pending = items.filter((item) => !done.has(keyOf(item)));
    if (pending.length === 0) return;
    await this.transaction.inOrganization(orgId, async () => {
      await this.applied.insertAll(orgId, pending);
      for (const item of pending) await this.apply(orgId, item);
    });
  }

  private async apply(orgId: string, item: BootstrapItem): Promise<void> {
    try {
      await this.setUp.apply(orgId, item);
    } catch (error) {
      throw outageKind(error) === null ? new BootstrapItemFailed(item, error) : error;
    }
  }
}

const keyOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;
