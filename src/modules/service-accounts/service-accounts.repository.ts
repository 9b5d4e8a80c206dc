import { Injectable } from '@nestjs/common';
import { insertUnlessTaken } from '../../database/transactions/constraint-violation.js';
import { DatabaseClock } from '../../database/transactions/database-clock.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { ServiceAccount, ServiceAccountWorkspace } from './entities.js';
import { ServiceAccountNameTaken } from './errors.js';

@Injectable()
export class ServiceAccountsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: DatabaseClock,
  ) {}

  private get accounts() {
    return this.transaction.manager.getRepository(ServiceAccount);
  }

  /** Oldest first. */
  list(orgId: string): Promise<ServiceAccount[]> {
    return this.accounts.find({ where: { orgId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  find(orgId: string, id: string): Promise<ServiceAccount | null> {
    return this.accounts.findOneBy({ orgId, id });
  }

  async insert(
    unstored: Omit<ServiceAccount, 'createdAt'>,
    assignments: readonly ServiceAccountWorkspace[],
  ): Promise<ServiceAccount> {
    const account = { ...unstored, createdAt: await this.clock.now() };
    if (!(await insertUnlessTaken(this.accounts, account))) throw new ServiceAccountNameTaken();
    if (assignments.length > 0)
      await this.transaction.manager.insert(ServiceAccountWorkspace, [...assignments]);
    return account;
  }

  /** False if a concurrent request deleted it first. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.accounts.delete({ orgId, id });
    return affected === 1;
  }
}
