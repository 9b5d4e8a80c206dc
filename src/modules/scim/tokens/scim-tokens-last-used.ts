import { Injectable } from '@nestjs/common';
import { LastUsed } from '../../../common/background/last-used.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

@Injectable()
export class ScimTokensLastUsed extends LastUsed {
  constructor(private readonly tokens: ScimTokensRepository) {
    super();
  }

  protected override markUsed(ids: readonly string[]): Promise<void> {
    return this.tokens.markUsed(ids);
  }
}
