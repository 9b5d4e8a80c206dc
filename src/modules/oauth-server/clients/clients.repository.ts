import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transactions/transaction.js';
import { OauthClient } from '../core/entities.js';

@Injectable()
export class ClientsRepository {
  constructor(private readonly transaction: Transaction) {}

  /** Null if it is unknown or disabled. */
  find(clientId: string): Promise<OauthClient | null> {
    return this.transaction.manager.getRepository(OauthClient).findOneBy({ clientId, isDisabled: false });
  }
}
