import { Injectable } from '@nestjs/common';
import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { OrgMembersService } from '../../members/index.js';
import { type Org, OrgsRepository } from '../../orgs/index.js';
import { LoginMethodsRepository, UsersRepository } from '../../users/index.js';
import { SsoSettingsRepository } from './sso-settings.repository.js';

export type OrgSsoProvider = { providerId: string; org: Org };

/** Unknown names and users give an empty result, so it reveals no account (docs/contract/http.md#empty-answers). */
@Injectable()
export class SsoLookupService {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly orgs: OrgsRepository,
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
    private readonly members: OrgMembersService,
    private readonly limiter: RateLimiter,
  ) {}

  async bySlug(slug: string, clientHost: string | null): Promise<OrgSsoProvider[]> {
    await this.limiter.hitFrom('sso lookup', clientHost);
    const org = SLUG.test(slug) ? await this.orgs.findByLoginSlug(slug) : null;
    return org ? this.providersOf([org]) : [];
  }

  /** Empty but for users that SCIM provisioned, so it does not reveal others (docs/contract/sign-in.md#sso-lookup). */
  async byEmail(email: string, clientHost: string | null): Promise<OrgSsoProvider[]> {
    await this.limiter.hitFrom('sso lookup', clientHost);
    const user = await this.users.findByEmail(canonicalSearchEmail(email));
    const logins = user ? await this.logins.listByUser(user.id) : [];
    if (!user || !logins.some(({ provisioningMethod }) => provisioningMethod === 'scim')) return [];
    const memberships = await this.members.listOrgMemberships([user.id]);
    const active = memberships.filter(({ isDisabled }) => !isDisabled);
    return this.providersOf(await this.orgs.listByIds(active.map(({ orgId }) => orgId)));
  }

  /** When a user of the provider has confirmed their address, or null. */
  async findEmailConfirmation(
    { email, providerId }: { email: string; providerId: string },
    clientHost: string | null,
  ): Promise<Date | null> {
    await this.limiter.hitFrom('confirmation status', clientHost);
    const user = await this.users.findByEmail(canonicalSearchEmail(email));
    if (!user || !(await this.findOrgOfMember(user.id, providerId))) return null;
    const logins = await this.logins.listByUser(user.id);
    return logins.find(({ emailConfirmedAt }) => emailConfirmedAt !== null)?.emailConfirmedAt ?? null;
  }

  async findOrgOfMember(userId: string, providerId: string): Promise<string | null> {
    const orgId = await this.settings.findOrgOfProvider(providerId);
    const membership = orgId && (await this.members.findByUsers(orgId, [userId])).get(userId);
    return membership ? membership.orgId : null;
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
