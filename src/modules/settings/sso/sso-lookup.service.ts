import { Injectable } from '@nestjs/common';
import { searchedEmail } from '../../../common/email/canonical-email.js';
import { AddressThrottle } from '../../../database/address-throttle.js';
import { OrgMembersService } from '../../members/index.js';
import { type Org, OrgsService } from '../../orgs/index.js';
import { LoginMethodsService, UsersService } from '../../users/index.js';
import { SsoSettingsRepository } from './sso-settings.repository.js';

/** Where somebody can sign in, who has not yet. */
export type LoginPlace = { providerId: string; org: Org };

/**
 * What a login page asks before anybody is known: which provider is meant? Unknown names find nothing
 * (contract decision 23).
 */
@Injectable()
export class SsoLookupService {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly orgs: OrgsService,
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly members: OrgMembersService,
    private readonly throttle: AddressThrottle,
  ) {}

  async bySlug(slug: string, clientHost: string | null): Promise<LoginPlace[]> {
    await this.throttle.hit('sso lookup', clientHost);
    const org = SLUG.test(slug) ? await this.orgs.findByLoginSlug(slug) : null;
    return org ? this.placesOf([org]) : [];
  }

  /** Of people whom SCIM has provisioned; nobody else is told that he is known here (operations.md, row 56). */
  async byEmail(email: string, clientHost: string | null): Promise<LoginPlace[]> {
    await this.throttle.hit('sso lookup', clientHost);
    const user = await this.users.findByEmail(searchedEmail(email));
    const logins = user ? await this.logins.listOf(user.id) : [];
    if (!user || !logins.some(({ provisioningMethod }) => provisioningMethod === 'scim')) return [];
    const memberships = await this.members.listOrgsOf(user.id);
    const active = memberships.filter(({ isDisabled }) => !isDisabled);
    return this.placesOf(await this.orgs.list(active.map(({ orgId }) => orgId)));
  }

  private async placesOf(orgs: readonly Org[]): Promise<LoginPlace[]> {
    const open = orgs.filter(({ isDisabled }) => !isDisabled);
    const providers = await this.settings.listProviders(open.map(({ id }) => id));
    const providerOf = new Map(providers.map(({ orgId, providerId }) => [orgId, providerId]));
    return open.flatMap((org) => {
      const providerId = providerOf.get(org.id);
      return providerId ? [{ providerId, org }] : [];
    });
  }
}

const SLUG = /^[a-z0-9-]{1,100}$/;
