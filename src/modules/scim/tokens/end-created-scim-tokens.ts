import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { CreatedScimTokensRequested, EndKeysEarlier } from '../../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import { OnlyAdminsManageScimTokens } from './errors.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';
import { ScimTokensService } from './scim-tokens.service.js';

/** Lists the SCIM tokens that a user created, directly or with keys, and deletes them if requested; they end earlier as keys do. */
@Injectable()
export class EndCreatedScimTokens implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly tokens: ScimTokensRepository,
    private readonly service: ScimTokensService,
    private readonly ends: EndKeysEarlier,
  ) {}

  onModuleInit(): void {
    this.ends.add(this.tokens);
    this.events.on(CreatedScimTokensRequested, async (requested) => {
      const { orgId } = requested.principal;
      const tokens = await this.tokens.listCreatedBy(orgId, requested.creator);
      requested.tokens = tokens.map(({ id, shortToken, description }) => ({
        id,
        shortKey: shortToken,
        description,
      }));
      if (requested.isDeleting) await this.delete(requested);
    });
  }

  /** @throws OnlyAdminsManageScimTokens */
  private async delete({ principal, tokens }: CreatedScimTokensRequested): Promise<void> {
    if (tokens.length === 0) return;
    if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageScimTokens();
    await this.service.deleteAll(
      principal,
      tokens.map(({ id }) => id),
    );
  }
}
