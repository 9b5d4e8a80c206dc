import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transactions/transaction.js';
import { AppliedBootstrapItem } from './applied-bootstrap-item.entity.js';

type ItemKey = { readonly kind: string; readonly name: string };

@Injectable()
export class AppliedBootstrapItemsRepository {
  constructor(private readonly transaction: Transaction) {}

  private get rows() {
    return this.transaction.manager.getRepository(AppliedBootstrapItem);
  }

  list(): Promise<AppliedBootstrapItem[]> {
    return this.rows.find();
  }

  async insertAll(orgId: string, items: readonly ItemKey[]): Promise<void> {
    await this.rows.insert(items.map(({ kind, name }) => ({ orgId, kind, name })));
  }
}
