import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transactions/transaction.js';
import { AppliedBootstrapItem } from './applied-bootstrap-item.entity.js';

type ItemKey = { readonly kind: string; readonly name: string };

@Injectable()
export class AppliedBootstrapItemsRepository {
  constructor(private readonly transaction: Transaction) {}

  list(): Promise<AppliedBootstrapItem[]> {
    return this.transaction.manager.find(AppliedBootstrapItem);
  }

  async insertAll(orgId: string, items: readonly ItemKey[]): Promise<void> {
    await this.transaction.manager.insert(
      AppliedBootstrapItem,
      items.map(({ kind, name }) => ({ orgId, kind, name })),
    );
  }
}
