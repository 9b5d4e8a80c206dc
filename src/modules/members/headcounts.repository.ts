import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transaction.js';
import { Headcount } from './headcount.entity.js';

@Injectable()
export class HeadcountsRepository {
  constructor(private readonly transaction: Transaction) {}

  /** Members and pending invitations of the organization, without expired invitations that were counted out. */
  async countSeats(orgId: string): Promise<number> {
    const found = await this.transaction.manager.getRepository(Headcount).findOneBy({ orgId });
    return found ? found.members + found.pendingSeats : 0;
  }
}
