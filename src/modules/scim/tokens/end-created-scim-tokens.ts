import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { CreatedScimTokensRequested } from '../../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import { OnlyAdminsManageScimTokens } from './errors.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';
import { ScimTokensService } from './scim-tokens.service.js';

@Injectable()
export class EndCreatedScimTokens implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly tokens: ScimTokensRepository,
    private readonly service: ScimTokensService,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedScimTokensRequested, (requested) => this.run(requested));
  }

  /** @throws OnlyAdminsManageScimTokens */
  private async run(requested: CreatedScimTokensRequested): Promise<void> {
    const { principal, creator, isDeleting } = requested;
    const tokens = await this.tokens.listCreatedBy(principal.orgId, creator);
    requested.tokens = tokens.map(({ id, shortToken: shortKey, description }) => ({
      id,
      shortKey,
      description,
    }));
    if (!isDeleting || tokens.length === 0) return;
    if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageScimTokens();
    await this.service.deleteAll(
      principal,
      tokens.map(({ id }) => id),
    );
  }
}
