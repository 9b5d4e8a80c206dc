import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/sql.js';
import {
  ADD_MEMBERS,
  COUNT_USERS,
  GIVEN_TO,
  GROUPS_OF,
  HOLDING,
  KEEP_MEMBERS,
  MEMBERS_OF,
  REMOVE_MEMBERS,
} from './group-statements.js';
import type { GivingGroup } from './group-roles.js';

type GroupKey = { readonly orgId: string; readonly id: string };
type GivenRow = { userId: string } & (GivingGroup | { kind: null });

/** Who is in which group. Costs depend on how many are named, not on how many are in the group. */
@Injectable()
export class GroupMembersRepository {
  constructor(private readonly sql: Sql) {}

  async countUsers(orgId: string, ids: readonly string[]): Promise<number> {
    return (await this.sql.row<{ count: number }>(COUNT_USERS, [orgId, ids]))?.count ?? 0;
  }

  /** Those who were not in it. */
  add({ orgId, id }: GroupKey, userIds: readonly string[]): Promise<string[]> {
    return this.ids(ADD_MEMBERS, [orgId, id, userIds]);
  }

  /** Those who were in it. */
  remove({ orgId, id }: GroupKey, userIds: readonly string[]): Promise<string[]> {
    return this.ids(REMOVE_MEMBERS, [orgId, id, userIds]);
  }

  /** Removes everybody else, and answers who that was. */
  keepOnly({ orgId, id }: GroupKey, userIds: readonly string[]): Promise<string[]> {
    return this.ids(KEEP_MEMBERS, [orgId, id, userIds]);
  }

  listMembers(orgId: string, groupIds: readonly string[]): Promise<string[]> {
    return this.ids(MEMBERS_OF, [orgId, groupIds]);
  }

  /** Of these groups, those that hold somebody with one of these organization roles. */
  async findHolding(
    orgId: string,
    groupIds: readonly string[],
    orgRoleIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    return new Set(await this.ids(HOLDING, [orgId, groupIds, orgRoleIds]));
  }

  /** Of accounts, oldest group first. */
  listGroupsOf(
    orgId: string,
    userIds: readonly string[],
  ): Promise<{ userId: string; name: string; createdAt: Date }[]> {
    return this.sql.rows(GROUPS_OF, [orgId, userIds]);
  }

  /** By account, the groups that give something, newest first; who is in none has an empty list. */
  async givenTo(orgId: string, userIds: readonly string[]): Promise<Map<string, GivingGroup[]>> {
    const rows = await this.sql.rows<GivenRow>(GIVEN_TO, [orgId, userIds]);
    const given = new Map<string, GivingGroup[]>();
    for (const row of rows) {
      const groups = given.get(row.userId) ?? [];
      given.set(row.userId, row.kind === null ? groups : [...groups, row]);
    }
    return given;
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }
}
