import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { newId, newIds } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import type { ResolvedInvitation } from '../../invitations/index.js';
import { EndAccess, revokedDetails } from './end-access.js';
import { AddScimMembers } from './add-scim-members.js';
import { type Account, ScimAccounts } from './scim-accounts.js';
import type { ScimUser } from './scim-user.entity.js';
import { type NewScimRecord, ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import type { UserProfile } from './user-profile.js';

/** One request of a batch of user creations. */
export type NewScimUser = { readonly principal: ScimPrincipal; readonly profile: UserProfile };

/** Creates users for one token, all or none, with a fixed number of statements. */
@Injectable()
export class CreateUsers {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly addMembers: AddScimMembers,
    private readonly endAccess: EndAccess,
    private readonly audit: AuditTrail,
  ) {}

  /** In the given order. @throws SeatLimitReached, ScimError uniqueness, and the errors of `ScimTokenScope` */
  run(requests: readonly NewScimUser[]): Promise<ScimUserRow[]> {
    const [{ principal: firstPrincipal }] = requests as [NewScimUser];
    const { orgId } = firstPrincipal;
    return this.transaction.runAs(firstPrincipal, async () => {
      const accounts = await this.accounts.resolve(
        firstPrincipal,
        requests.map(({ profile }) => profile),
      );
      const entryIds = newIds(requests);
      const invitations = await this.addMembers.run(
        firstPrincipal,
        accounts.map(({ userId }, index) => ({
          userId,
          email: requests[index]!.profile.email,
          auditEntryId: entryIds[index]!,
        })),
      );
      const users = await this.insert(orgId, accounts, requests);
      const revoked = await this.endAccess.disable(
        firstPrincipal,
        users.filter((_, index) => requests[index]!.profile.active === false),
      );
      await this.audit.recordAll(
        requests.map(({ principal }, index) => {
          const user = users[index]!;
          const details = { ...invitationDetails(user, invitations), ...revokedDetails(user, revoked) };
          const resourceIds = [user.id, user.userId];
          const scope = { details, entryId: entryIds[index]! };
          return { actor: principal, operation: 'create_scim_user', resourceIds, scope };
        }),
      );
      return users.map((user, index) => ({
        ...user,
        isActive: requests[index]!.profile.active ?? true,
        groups: [],
      }));
    });
  }

  private async insert(
    orgId: string,
    accounts: readonly Account[],
    requests: readonly NewScimUser[],
  ): Promise<ScimUser[]> {
    const users = await this.users.insert(
      requests.map(({ profile }, index) => toNewRecord({ ...accounts[index]!, orgId }, profile)),
    );
    await this.users.assertSoleHolders(
      orgId,
      users.map(({ userId }, index) => ({ userId, email: requests[index]!.profile.email })),
    );
    return users;
  }
}

function invitationDetails(
  { userId }: ScimUser,
  invitations: ReadonlyMap<string, ResolvedInvitation>,
): AuditDetails {
  const invitation = invitations.get(userId);
  return invitation ? { invitation_id: invitation.id, invitation: invitation.status } : {};
}

function toNewRecord(
  account: Account & Pick<ScimUser, 'orgId'>,
  { userName, externalId, emails, attributes }: UserProfile,
): NewScimRecord {
  return { ...account, userName, externalId, emails: [...emails], attributes, id: newId() };
}
