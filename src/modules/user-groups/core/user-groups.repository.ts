import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import { mapViolations } from '../../../database/constraint-violation.js';
import { insertUnlessTaken } from '../../../database/insert-unless-taken.js';
import type { ListPosition } from '../../../common/lists/cursor-list.js';
import { Sql } from '../../../database/sql.js';
import { Transaction } from '../../../database/transaction.js';
import { newId } from '../../../database/new-id.js';
import { IdpGroupNameTaken, UserGroupNameTaken, UserGroupWorkspaceNotFound } from './user-groups.errors.js';
import { UserGroup } from './user-group.entity.js';
import {
  FIND_GRANT,
  FOLLOW_NAME,
  INSERT_GRANT,
  LIST,
  LIST_GRANTED,
  LIST_GRANTS,
  LIST_OF_WORKSPACE,
} from './user-groups.statements.js';

export type RoleInWorkspace = { readonly workspaceId: string; readonly roleId: string };
/** `id` is that of the child. */
export type Grant = RoleInWorkspace & {
  readonly id: string;
  readonly roleName: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
/** With the role that the group has in the workspace of the list. */
export type ListedUserGroup = UserGroup & { readonly roleName?: string };

/** What of a list the caller may see. `workspaceIds`: of children; null for all workspaces. */
export type VisibleUserGroups = {
  readonly ofOrganization: boolean;
  readonly workspaceIds: readonly string[] | null;
};
export type UserGroupChanges = Partial<
  Pick<UserGroup, 'name' | 'description' | 'idpGroupName' | 'idpSyncEnabled'>
>;
type Page = { readonly after: ListPosition | null; readonly limit: number };

const TAKEN = {
  user_groups_one_per_name: () => new UserGroupNameTaken(),
  user_groups_one_per_idp_group: () => new IdpGroupNameTaken(),
};

const UNKNOWN_WORKSPACE = {
  user_groups_workspace_id_org_id_fkey: () => new UserGroupWorkspaceNotFound(),
};

/** Groups and children of one organization. Grants are children. */
@Injectable()
export class UserGroupsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(UserGroup);
  }

  find(orgId: string, id: string): Promise<UserGroup | null> {
    return this.rows.findOneBy({ orgId, id });
  }

  /** By name. */
  list(
    orgId: string,
    { ofOrganization, workspaceIds }: VisibleUserGroups,
    page: Page,
  ): Promise<ListedUserGroup[]> {
    return this.sql.rows(LIST, [orgId, ofOrganization, workspaceIds, ...positionOf(page)]);
  }

  /** The children in the workspace and the groups with a grant there, by name. */
  listOfWorkspace(
    orgId: string,
    workspaceId: string,
    { ofOrganization, children }: { ofOrganization: boolean; children: boolean },
    page: Page,
  ): Promise<ListedUserGroup[]> {
    const values = [orgId, workspaceId, ofOrganization, children, ...positionOf(page)];
    return this.sql.rows(LIST_OF_WORKSPACE, values);
  }

  /** @throws UserGroupNameTaken */
  async insert(group: Pick<UserGroup, 'id' | 'orgId' | 'name' | 'description'>): Promise<void> {
    if (!(await insertUnlessTaken(this.rows, group))) throw new UserGroupNameTaken();
  }

  /** A new name applies to the children too. @throws UserGroupNameTaken, IdpGroupNameTaken */
  async update(orgId: string, id: string, changes: UserGroupChanges): Promise<void> {
    await mapViolations(this.rows.update({ orgId, id }, { ...changes, updatedAt: () => 'now()' }), TAKEN);
    if (changes.name !== undefined) await this.sql.affected(FOLLOW_NAME, [orgId, id, changes.name]);
  }

  async remove(orgId: string, id: string): Promise<void> {
    await this.rows.delete({ orgId, id });
  }

  /** By workspace. */
  listGrants(orgId: string, groupId: string, page: Page): Promise<Grant[]> {
    return this.sql.rows(LIST_GRANTS, [orgId, groupId, page.after?.id ?? null, page.limit]);
  }

  findGrant(orgId: string, groupId: string, workspaceId: string): Promise<Grant | null> {
    return this.sql.row(FIND_GRANT, [orgId, groupId, workspaceId]);
  }

  /** What the group and its children give in workspaces; of a child, what it and its parent give in its own. */
  listGranted({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<GrantedGroup[]> {
    return this.sql.rows(LIST_GRANTED, [orgId, id]);
  }

  /**
   * Adds the child with the role of the group in the workspace. False if the group has a role there.
   *
   * @throws UserGroupWorkspaceNotFound
   */
  async insertGrant(
    { orgId, id }: Pick<UserGroup, 'orgId' | 'id'>,
    given: RoleInWorkspace,
  ): Promise<boolean> {
    const values = [orgId, id, newId(), given.workspaceId, given.roleId];
    return (await mapViolations(this.sql.affected(INSERT_GRANT, values), UNKNOWN_WORKSPACE)) === 1;
  }

  async changeGrant(orgId: string, id: string, roleId: string): Promise<void> {
    await this.rows.update({ orgId, id }, { roleId, updatedAt: () => 'now()' });
  }
}

const positionOf = ({ after, limit }: Page) => [after?.key ?? null, after?.id ?? null, limit];
