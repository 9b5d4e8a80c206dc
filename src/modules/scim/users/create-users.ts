import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { first, zip } from '../../../common/collections.js';
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

/** A request with its account and the id of its audit entry. */
type JoiningUser = NewScimUser & { readonly account: Account; readonly entryId: string };

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
    const { principal } = first(requests);
    return this.transaction.runAs(principal, async () => {
      const joining = await this.resolve(principal, requests);
      const invitations = await this.addMembers.run(
        principal,
        joining.map(({ account: { userId }, profile: { email }, entryId: auditEntryId }) => ({
          userId,
          email,
          auditEntryId,
        })),
      );
      const created = await this.insert(principal.orgId, joining);
      const revoked = await this.endAccess.disable(
        principal,
        created.filter(({ profile }) => profile.active === false).map(({ user }) => user),
      );
      await this.audit.recordAll(
        created.map((one) => {
          const { user, entryId } = one;
          const details = { ...invitationDetails(user, invitations), ...revokedDetails(user, revoked) };
          const resourceIds = [user.id, user.userId];
          const scope = { details, entryId };
          return { actor: one.principal, operation: 'create_scim_user', resourceIds, scope };
        }),
      );
      return created.map(({ user, profile }) => ({ ...user, isActive: profile.active ?? true, groups: [] }));
    });
  }

  private async resolve(principal: ScimPrincipal, requests: readonly NewScimUser[]): Promise<JoiningUser[]> {
    const accounts = await this.accounts.resolve(
      principal,
      requests.map(({ profile }) => profile),
    );
    return zip(zip(requests, accounts), newIds(requests)).map(([[request, account], entryId]) => ({
      ...request,
      account,
      entryId,
    }));
  }

  private async insert(
    orgId: string,
    joining: readonly JoiningUser[],
  ): Promise<(JoiningUser & { readonly user: ScimUser })[]> {
    const users = await this.users.insert(
      joining.map(({ account, profile }) => toNewRecord({ ...account, orgId }, profile)),
    );
    const created = zip(joining, users).map(([request, user]) => ({ ...request, user }));
    await this.users.assertSoleHolders(
      orgId,
      created.map(({ user: { userId }, profile: { email } }) => ({ userId, email })),
    );
    return created;
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
