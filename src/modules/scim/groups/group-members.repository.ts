import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/sql.js';
import type { Provenance } from '../../members/index.js';
import {
  ACCOUNTS_BY_GROUP,
  ADD_MEMBERS,
  ARE_ANY_GROUPS,
  GRANTING_GROUPS_OF,
  GROUPS_OF,
  GROUPS_WITH_ROLES,
  KEEP_MEMBERS,
  MEMBERS_OF,
  REMOVE_MEMBERS,
  USERS_OF,
  USERS_OF_GROUP,
} from './group.statements.js';
import type { GrantingGroup } from './group-roles.js';

type GroupKey = { readonly orgId: string; readonly id: string };
type GrantingRow = { userId: string } & (GrantingGroup | { kind: null });

/** Members of groups. Costs depend on the number of users in the call, not on the size of the group. */
@Injectable()
export class GroupMembersRepository {
  constructor(private readonly sql: Sql) {}

  async areAnyGroups(orgId: string, ids: readonly string[]): Promise<boolean> {
    return (await this.sql.row<{ any: boolean }>(ARE_ANY_GROUPS, [orgId, ids]))?.any ?? false;
  }

  /** Those of these users whom the organization has; `isAdded`: they were not in the group before. */
  add(
    { orgId, id }: GroupKey,
    userIds: readonly string[],
    by: Provenance,
  ): Promise<{ id: string; isAdded: boolean }[]> {
    return this.sql.rows(ADD_MEMBERS, [orgId, id, userIds, by.via, by.keyId, by.auditEntryId]);
  }

  /** The users who were in the group. */
  remove({ orgId, id }: GroupKey, userIds: readonly string[]): Promise<string[]> {
    return this.ids(REMOVE_MEMBERS, [orgId, id, userIds]);
  }

  /** Removes all other members and returns them. */
  keepOnly({ orgId, id }: GroupKey, userIds: readonly string[]): Promise<string[]> {
    return this.ids(KEEP_MEMBERS, [orgId, id, userIds]);
  }

  listMembers(orgId: string, groupIds: readonly string[]): Promise<string[]> {
    return this.ids(MEMBERS_OF, [orgId, groupIds]);
  }

  /** The account of each member of these groups. */
  listAccounts(orgId: string, groupIds: readonly string[]): Promise<{ groupId: string; userId: string }[]> {
    return this.sql.rows(ACCOUNTS_BY_GROUP, [orgId, groupIds]);
  }

  /** The accounts of these SCIM users. */
  async listUserIds(orgId: string, scimUserIds: readonly string[]): Promise<string[]> {
    return scimUserIds.length === 0 ? [] : this.ids(USERS_OF, [orgId, scimUserIds]);
  }

  /** The accounts of the members of the group with exactly this name. */
  listUserIdsOfGroup(orgId: string, displayName: string): Promise<string[]> {
    return this.ids(USERS_OF_GROUP, [orgId, displayName]);
  }

  /** Those of these groups with a member who holds one of these organization roles. */
  async findGroupsWithRoles(
    orgId: string,
    groupIds: readonly string[],
    orgRoleIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    return new Set(await this.ids(GROUPS_WITH_ROLES, [orgId, groupIds, orgRoleIds]));
  }

  /** Groups by user id, oldest first. */
  listGroupsOf(
    orgId: string,
    userIds: readonly string[],
  ): Promise<{ userId: string; name: string; createdAt: Date }[]> {
    return this.sql.rows(GROUPS_OF, [orgId, userIds]);
  }

  /** The granting groups by user id, newest first; an empty list for users in none. */
  async listGrantingGroups(orgId: string, userIds: readonly string[]): Promise<Map<string, GrantingGroup[]>> {
    const rows = await this.sql.rows<GrantingRow>(GRANTING_GROUPS_OF, [orgId, userIds]);
    const granting = new Map<string, GrantingGroup[]>();
    for (const row of rows) {
      const groups = granting.get(row.userId) ?? [];
      granting.set(row.userId, row.kind === null ? groups : [...groups, row]);
    }
    return granting;
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }
}
