import { Injectable } from '@nestjs/common';
import { OrgMembersService } from '../../../members/index.js';
import { SsoSettingsService } from '../../../settings/index.js';
import { ProviderNotFound } from './email-confirmation.errors.js';

/** Finds the organization of a user that has the given provider. */
@Injectable()
export class UserProviders {
  constructor(
    private readonly members: OrgMembersService,
    private readonly providers: SsoSettingsService,
  ) {}

  async findOrg(userId: string, providerId: string): Promise<string | null> {
    const orgId = await this.providers.findOrgOfProvider(providerId);
    const membership = orgId && (await this.members.findByUsers(orgId, [userId])).get(userId);
    return membership ? membership.orgId : null;
  }

  /** @throws ProviderNotFound */
  async getOrg(userId: string, providerId: string): Promise<string> {
    const orgId = await this.findOrg(userId, providerId);
    if (!orgId) throw new ProviderNotFound();
    return orgId;
  }
}
