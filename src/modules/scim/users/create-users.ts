import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { first, zip } from '../../../common/collections.js';
import { newId, newIds } from '../../../database/statements/new-id.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import type { ResolvedInvitation } from '../../invitations/index.js';
import { changesFor, joinChanges, type MembershipChanges, membershipFacts } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { ORG_USER } from '../roles/group-roles.js';
import { AddScimMembers } from './add-scim-members.js';
import { type Account, type LinkedAccounts, ScimAccounts } from './scim-accounts.js';
import type { ScimUser } from './scim-user.entity.js';
import { type NewScimRecord, ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { revokedDetails, UserAccess } from './user-access.js';
import type { UserProfile } from './user-profile.js';

export type NewScimUser = { readonly principal: ScimPrincipal; readonly profile: UserProfile };

type JoiningUser = NewScimUser & Account & { readonly email: string; readonly auditEntryId: string };

type Invitations = ReadonlyMap<string, ResolvedInvitation>;

type CreatedUser = JoiningUser & { readonly user: ScimUser };

/** Creates users for one token, all or none, with a fixed number of statements and round trips. */
@Injectable()
export class CreateUsers {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly addMembers: AddScimMembers,
    private readonly access: UserAccess,
    private readonly audit: AuditTrail,
  ) {}

  /** In the given order. @throws SeatLimitReached, ScimError uniqueness, and the errors of `ScimTokenScope` */
  run(requests: readonly NewScimUser[]): Promise<ScimUserRow[]> {
    const { principal } = first(requests);
    const profiles = requests.map(({ profile }) => profile);
    const read = () => awaitAll([this.addMembers.findOrg(principal), this.accounts.findLinked(profiles)]);
    return this.transaction.as(principal, read, async ([org, linked]) => {
      const joining = await this.withRoles(org, await this.resolve(requests, linked));
      const invitations = await this.addMembers.resolveInvitationsOf(principal, org, joining);
      const adding = this.addMembers.add(principal, org, joining, invitations);
      const [, created] = await awaitAll([adding, this.insert(org, joining, { invitations, adding })]);
      return created.map(({ user, profile }) => ({
        ...user,
        isActive: profile.active ?? true,
        hasEnded: false,
        groups: [],
      }));
    });
  }

  private async resolve(requests: readonly NewScimUser[], linked: LinkedAccounts): Promise<JoiningUser[]> {
    const profiles = requests.map(({ profile }) => profile);
    const accounts = await this.accounts.resolve(profiles, linked);
    return zip(zip(requests, accounts), newIds(requests)).map(([[request, account], auditEntryId]) => ({
      ...request,
      ...account,
      email: request.profile.email,
      auditEntryId,
    }));
  }

  private async withRoles(org: Org, joining: readonly JoiningUser[]): Promise<JoiningUser[]> {
    if (!org.scimRolesEnabled || !joining.some(hasRoles)) return [...joining];
    const sent = joining.map(({ profile }) => profile.attributes);
    const attributes = await this.access.roles.read(first(joining).principal, sent);
    return zip(joining, attributes).map(([user, read]) => ({
      ...user,
      profile: { ...user.profile, attributes: read },
    }));
  }

  /** Inserts users whose memberships were sent to the database just before, disables inactive ones, and records it. */
  private async insert(
    org: Org,
    joining: readonly JoiningUser[],
    { invitations, adding }: { invitations: Invitations; adding: Promise<ReadonlySet<string>> },
  ): Promise<CreatedUser[]> {
    const { principal } = first(joining);
    const [users] = await awaitAll([
      this.users.insert(joining.map((user) => toNewRecord(org, user))),
      this.users.assertSoleHolders(org.id, joining),
    ]);
    const created = zip(joining, users).map(([request, user]) => ({ ...request, user }));
    const inactive = created.filter(({ profile }) => profile.active === false).map(({ user }) => user);
    const revoked = await this.access.disable(principal, inactive);
    const added = await adding; // sent before, so it has been answered before
    const withRoles = created
      .filter(hasRoles)
      .map(({ user: { id, userId }, auditEntryId }) => ({ id, userId, auditEntryId }));
    const given = org.scimRolesEnabled ? await this.access.roles.apply(principal, withRoles) : {};
    await this.audit.recordAll(
      created.map(({ principal: actor, user, auditEntryId: entryId }) => {
        const changes = joinChanges(changesOf(user, invitations, added), changesFor([user.userId], given));
        const details = {
          ...invitationDetails(user, invitations),
          ...membershipFacts(changes),
          ...revokedDetails(user, revoked),
        };
        const resourceIds = [user.id, user.userId];
        return { actor, operation: 'create_scim_user', resourceIds, scope: { details, entryId } };
      }),
    );
    return created;
  }
}

const hasRoles = ({ profile }: NewScimUser): boolean => profile.attributes.roles !== undefined;

/** A user whom an invitation has made a member is not added again. */
const changesOf = (
  { userId }: ScimUser,
  invitations: Invitations,
  added: ReadonlySet<string>,
): MembershipChanges =>
  added.has(userId) ? { orgAdded: [{ userId, roleId: ORG_USER }] } : (invitations.get(userId)?.changes ?? {});

function invitationDetails({ userId }: ScimUser, invitations: Invitations): AuditDetails {
  const invitation = invitations.get(userId);
  return invitation ? { invitation_id: invitation.id, invitation: invitation.status } : {};
}

function toNewRecord(
  { id: orgId, scimRolesEnabled }: Org,
  { principal, userId, madeAccount, profile: { userName, externalId, emails, attributes } }: JoiningUser,
): NewScimRecord {
  const rolesAreConfirmed = scimRolesEnabled || principal.makesAdmins || attributes.roles === undefined;
  const person = { userName, externalId, emails: [...emails], attributes };
  return { id: newId(), orgId, userId, madeAccount, rolesAreConfirmed, ...person };
}
