import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { AccessEndManagedByProvider } from '../../members/index.js';
import { UserGroupEnds } from '../core/user-group-ends.js';
import type { UserGroup } from '../core/entities.js';
import { SynchronizedMember, WrongKindOfUserGroup } from '../core/errors.js';
import { MANAGE_MEMBERS, READ, UserGroupAccess } from '../core/user-group-access.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import {
  type AddedIdentity,
  type ListedMember,
  UserGroupMembersRepository,
} from '../core/user-group-members.repository.js';

/** Members of groups and children: users and service accounts, by their identities in the organization. */
@Injectable()
export class UserGroupMembersService {
  constructor(
    private readonly members: UserGroupMembersRepository,
    private readonly access: UserGroupAccess,
    private readonly limits: UserGroupLimits,
    private readonly ends: UserGroupEnds,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: OrgPrincipal, groupId: string, page: ListPage): Promise<ListedMember[]> {
    return this.members.list(await this.access.get(principal, groupId, READ), page);
  }

  /** Users in a child with their identities in its workspace. @throws WrongKindOfUserGroup for other groups */
  async listInWorkspace(principal: OrgPrincipal, groupId: string, page: ListPage): Promise<ListedMember[]> {
    const group = await this.access.get(principal, groupId, READ);
    if (!group.workspaceId) throw new WrongKindOfUserGroup('workspace');
    return this.members.listInWorkspace(group, page);
  }

  /**
   * One result per different identity, in the given order. `at`: the end of the new memberships.
   *
   * @throws AccessEndManagedByProvider if an identity provider put one of them into the group and there is an end, and the
   *   errors of `UserGroupLimits`
   */
  add(
    principal: OrgPrincipal,
    groupId: string,
    identityIds: readonly string[],
    at: Date | null,
  ): Promise<AddedIdentity[]> {
    return this.transaction.as(principal, async () => {
      await this.ends.check(at);
      const group = await this.access.get(principal, groupId, MANAGE_MEMBERS);
      await this.limits.assertMayAdd(principal, group, identityIds);
      if (at) await this.assertNotProvided(group, identityIds);
      await this.ends.tidyMembersOf(group);
      const end = { at, setBy: principal.userId };
      const results = await this.members.addIdentities(group, unique(identityIds), end);
      const added = results.filter(({ status }) => status === 'CREATED').map(({ identityId }) => identityId);
      if (added.length > 0)
        await this.audit.record(principal, 'add_user_group_members', [groupId, ...added], {
          details: at ? { access_expires_at: at.toISOString() } : {},
        });
      return results;
    });
  }

  /** Does nothing for an identity that is not a member. @throws SynchronizedMember, and the errors of `UserGroupLimits` */
  async remove(principal: OrgPrincipal, groupId: string, identityId: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      const group = await this.access.get(principal, groupId, MANAGE_MEMBERS);
      const member = await this.members.find(group, identityId);
      if (!member) return;
      await this.limits.assertMayRemoveMember(principal, group, member.memberId);
      if (member.source !== 'manual' && group.idpSyncEnabled) throw new SynchronizedMember();
      await this.members.remove(group, member);
      await this.audit.record(principal, 'remove_user_group_member', [groupId, identityId]);
    });
  }

  private async assertNotProvided(group: UserGroup, identityIds: readonly string[]): Promise<void> {
    const provided = await this.members.listProvided(group, identityIds);
    if (provided.length === 0) return;
    const { message: msg } = AccessEndManagedByProvider;
    const problems = provided.map((index) => ({
      loc: ['body', 'identity_ids', index],
      msg,
      type: 'conflict',
    }));
    throw new AccessEndManagedByProvider(msg, { problems });
  }
}
