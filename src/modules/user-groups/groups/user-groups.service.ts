import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import type { UserGroup } from '../core/entities.js';
import { UserGroupSyncNeedsName, WrongKindOfUserGroup } from '../core/errors.js';
import { READ, UserGroupAccess } from '../core/user-group-access.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import {
  type ListedUserGroup,
  type UserGroupChanges,
  UserGroupsRepository,
} from '../core/user-groups.repository.js';

/** A group began to follow a group of the identity provider. Published inside the transaction. */
export class UserGroupSyncStarted {
  constructor(
    readonly orgId: string,
    readonly idpGroupName: string,
  ) {}
}

/** User groups of the organization. */
@Injectable()
export class UserGroupsService {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly access: UserGroupAccess,
    private readonly limits: UserGroupLimits,
    private readonly events: EventBus,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Groups of the organization, and children in workspaces, as far as the caller may see them. */
  async list(principal: OrgPrincipal, page: ListPage): Promise<ListedUserGroup[]> {
    return this.groups.list(principal.orgId, await this.access.findVisible(principal), page);
  }

  /** Groups with a role in the workspace, and children in it, as far as the caller may see them. */
  async listOfWorkspace(principal: OrgPrincipal, workspaceId: string, page: ListPage) {
    const children = await this.access.holds(principal, workspaceId, READ.workspace);
    const ofOrganization = children || principal.can(READ.organization);
    return this.groups.listOfWorkspace(principal.orgId, workspaceId, { ofOrganization, children }, page);
  }

  get(principal: OrgPrincipal, id: string): Promise<UserGroup> {
    return this.access.get(principal, id, READ);
  }

  /** @throws UserGroupNameTaken */
  create(principal: OrgPrincipal, input: { name: string; description: string }): Promise<UserGroup> {
    const { orgId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      await this.groups.insert({ ...input, id, orgId });
      await this.audit.record(principal, 'create_user_group', [id]);
      return this.access.getOfOrganization(principal, id);
    });
  }

  /**
   * @throws UserGroupNotFound, WrongKindOfUserGroup, UserGroupSyncNeedsName, UserGroupNameTaken, IdpGroupNameTaken, and the
   *   errors of `UserGroupLimits`
   */
  update(principal: OrgPrincipal, id: string, changes: UserGroupChanges): Promise<UserGroup> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const before = await this.access.getOfOrganization(principal, id);
      await this.groups.update(orgId, id, withSyncOf(before, changes));
      const after = await this.access.getOfOrganization(principal, id);
      await this.audit.record(principal, 'update_user_group', [id], {
        details: { changed: Object.keys(changes) },
      });
      await this.synchronize(principal, before, after);
      return after;
    });
  }

  /** With members, grants, children and attached policies. Does nothing if there is no such group. */
  async remove(principal: OrgPrincipal, id: string): Promise<void> {
    const { orgId } = principal;
    await this.transaction.as(principal, async () => {
      const group = await this.groups.find(orgId, id);
      if (!group) return;
      if (group.workspaceId) throw new WrongKindOfUserGroup('organization');
      await this.limits.assertMayRevoke(principal, group, null);
      await this.groups.remove(orgId, id);
      await this.audit.record(principal, 'delete_user_group', [id]);
    });
  }

  /**
   * Begins and ends synchronization (docs/contract/user-groups.md#synchronization). Members of the group that was followed
   * before stay, as members by hand. This gives rights as well: the provider cannot take the roles back any more.
   */
  private async synchronize(principal: OrgPrincipal, before: UserGroup, after: UserGroup): Promise<void> {
    const followed = followedBy(after);
    if (followed === followedBy(before)) return;
    await this.limits.assertMayFill(principal, after);
    await this.groups.makeMembersManual(after);
    if (followed !== null) await this.events.publish(new UserGroupSyncStarted(after.orgId, followed));
  }
}

const followedBy = ({ idpSyncEnabled, idpGroupName }: UserGroup) => (idpSyncEnabled ? idpGroupName : null);

/** Clearing the name ends synchronization. */
function withSyncOf(before: UserGroup, changes: UserGroupChanges): UserGroupChanges {
  if (changes.idpGroupName === null && !changes.idpSyncEnabled) return { ...changes, idpSyncEnabled: false };
  const { idpGroupName, idpSyncEnabled } = { ...before, ...changes };
  if (idpSyncEnabled && idpGroupName === null) throw new UserGroupSyncNeedsName();
  return changes;
}
