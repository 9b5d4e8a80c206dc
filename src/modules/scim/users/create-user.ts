import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import type { Resource } from '../protocol/resource.js';
import { EndAccess } from './end-access.js';
import { JoinThroughScim } from './join-through-scim.js';
import { ScimAccounts } from './scim-accounts.js';
import type { ScimUserRow } from './scim-users.repository.js';
import { ScimUsersRepository } from './scim-users.repository.js';
import { profileOf, type UserProfile } from './user-profile.js';

/** Brings a person into the organization, or takes over one who is in it already. */
@Injectable()
export class CreateUser {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly membership: JoinThroughScim,
    private readonly access: EndAccess,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws uniqueness, SeatsUsedUp. */
  run(principal: ScimPrincipal, resource: Resource): Promise<ScimUserRow> {
    const { orgId } = principal;
    const profile = profileOf(resource);
    return this.transaction.runInOrg(orgId, async () => {
      const account = await this.accounts.settle(profile);
      await this.membership.add(orgId, account.userId);
      const user = { ...account, ...recordOf(profile), id: newId(), orgId, createdAt: new Date() };
      await this.users.insert(user);
      if (profile.active === false) await this.access.disable(orgId, account.userId, profile.emails);
      await this.audit.record(principal, 'create_scim_user', [user.id, user.userId]);
      const isActive = profile.active ?? true;
      return { ...user, updatedAt: user.createdAt, version: 1, isActive, groups: [] };
    });
  }
}

const recordOf = ({ userName, externalId, emails, attributes }: UserProfile) => ({
  userName,
  externalId,
  emails: [...emails],
  attributes,
});
