import { Injectable } from '@nestjs/common';
import { LastUsed } from '../../../common/background/last-used.js';
import { ApiKeysRepository } from './api-keys.repository.js';

@Injectable()
export class KeysLastUsed extends LastUsed {
  constructor(private readonly keys: ApiKeysRepository) {
    super();
  }

  protected override markUsed(ids: readonly string[]): Promise<void> {
    return this.keys.markUsed(ids);
  }
}
