import { Injectable } from '@nestjs/common';
import { canonicalSearchEmail } from '../../../common/email/canonical-email.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { OrgMembersService } from '../../members/index.js';
import { type Org, OrgsService } from '../../orgs/index.js';
import { LoginMethodsService, UsersService } from '../../users/index.js';
import { SsoSettingsRepository } from './sso-settings.repository.js';

/** A provider with which a user of the organization can sign in. */
export type OrgSsoProvider = { providerId: string; org: Org };

/**
 * Finds the provider for a login page, before sign-in. Unknown names give an empty list
 * (docs/contract/http.md#empty-answers).
 */
@Injectable()
export class SsoLookupService {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly orgs: OrgsService,
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly members: OrgMembersService,
    private readonly limiter: RateLimiter,
  ) {}

  async bySlug(slug: string, clientHost: string | null): Promise<OrgSsoProvider[]> {
    await this.limiter.hitFrom('sso lookup', clientHost);
    const org = SLUG.test(slug) ? await this.orgs.findByLoginSlug(slug) : null;
    return org ? this.providersOf([org]) : [];
  }

  /**
   * For users that SCIM has provisioned; for all others the list is empty, so it does not reveal their accounts
   * (docs/contract/sign-in.md#sso-lookup).
   */
  async byEmail(email: string, clientHost: string | null): Promise<OrgSsoProvider[]> {
    await this.limiter.hitFrom('sso lookup', clientHost);
    const user = await this.users.findByEmail(canonicalSearchEmail(email));
    const logins = user ? await this.logins.listByUser(user.id) : [];
    if (!user || !logins.some(({ provisioningMethod }) => provisioningMethod === 'scim')) return [];
    const memberships = await this.members.listOrgMemberships(user.id);
    const active = memberships.filter(({ isDisabled }) => !isDisabled);
    return this.providersOf(await this.orgs.listByIds(active.map(({ orgId }) => orgId)));
  }

  private async providersOf(orgs: readonly Org[]): Promise<OrgSsoProvider[]> {
    const enabled = orgs.filter(({ isDisabled }) => !isDisabled);
    const providers = await this.settings.listProviders(enabled.map(({ id }) => id));
    const providerOf = new Map(providers.map(({ orgId, providerId }) => [orgId, providerId]));
    return enabled.flatMap((org) => {
      const providerId = providerOf.get(org.id);
      return providerId ? [{ providerId, org }] : [];
    });
  }
}

const SLUG = /^[a-z0-9-]{1,100}$/;
