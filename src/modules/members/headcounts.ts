import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transaction.js';
import { Headcount } from './headcount.entity.js';

@Injectable()
export class Headcounts {
  constructor(private readonly transaction: Transaction) {}

  /** Members and pending invitations of the organization; an expired invitation counts until it is revoked. */
  async get(orgId: string): Promise<Pick<Headcount, 'members' | 'pending'>> {
    const found = await this.transaction.manager.getRepository(Headcount).findOneBy({ orgId });
    return found ?? { members: 0, pending: 0 };
  }
}
