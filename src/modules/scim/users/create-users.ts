import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import type { SettledInvitation } from '../../invitations/index.js';
import { EndAccess, revokedOf } from './end-access.js';
import { JoinThroughScim } from './join-through-scim.js';
import { type Account, ScimAccounts } from './scim-accounts.js';
import type { ScimUser } from './scim-user.entity.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import type { UserProfile } from './user-profile.js';

/** A request to make a user, whoever else asks at the same time. */
export type NewScimUser = { readonly principal: ScimPrincipal; readonly profile: UserProfile };

/** Makes users for one token, all or none: a fixed number of statements however many. */
@Injectable()
export class CreateUsers {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly membership: JoinThroughScim,
    private readonly access: EndAccess,
    private readonly audit: AuditTrail,
  ) {}

  /** In the order given. Throws uniqueness, SeatsUsedUp, and what `TokenReach` throws. */
  run(wanted: readonly NewScimUser[]): Promise<ScimUserRow[]> {
    const [{ principal: caller }] = wanted as [NewScimUser];
    const { orgId } = caller;
    return this.transaction.runAs(caller, async () => {
      const accounts = await this.accounts.settle(
        caller,
        wanted.map(({ profile }) => profile),
      );
      const invitations = await this.membership.add(
        caller,
        accounts.map(({ userId }, index) => ({ userId, email: wanted[index]!.profile.email })),
      );
      const users = wanted.map(({ profile }, index) => recordOf(orgId, accounts[index]!, profile));
      await this.users.insert(users);
      const revoked = await this.access.disable(
        caller,
        users.filter((_, index) => wanted[index]!.profile.active === false),
      );
      await this.audit.recordAll(
        wanted.map(({ principal }, index) => {
          const user = users[index]!;
          const details = { ...settledOf(user, invitations), ...revokedOf(user, revoked) };
          const resourceIds = [user.id, user.userId];
          return { actor: principal, operation: 'create_scim_user', resourceIds, scope: { details } };
        }),
      );
      return users.map((user, index) => ({
        ...user,
        isActive: wanted[index]!.profile.active ?? true,
        groups: [],
      }));
    });
  }
}

function settledOf({ userId }: ScimUser, invitations: ReadonlyMap<string, SettledInvitation>): AuditDetails {
  const invitation = invitations.get(userId);
  return invitation ? { invitation_id: invitation.id, invitation: invitation.status } : {};
}

function recordOf(
  orgId: string,
  account: Account,
  { userName, externalId, emails, attributes }: UserProfile,
): ScimUser {
  const createdAt = new Date();
  const times = { createdAt, updatedAt: createdAt };
  return {
    ...account,
    userName,
    externalId,
    emails: [...emails],
    attributes,
    id: newId(),
    orgId,
    version: 1,
    ...times,
  };
}
