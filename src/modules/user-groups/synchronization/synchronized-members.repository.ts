import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import { Sql, type Statement } from '../../../database/sql.js';
import {
  ADD_CLAIMED_MEMBER,
  ADD_SCIM_MEMBERS,
  FOLLOWED_NAMES,
  REMOVE_CLAIMED_MEMBER,
  REMOVE_SCIM_MEMBERS,
  SCIM_CHANGES,
} from './synchronized-members.statements.js';

/** What a user group has in workspaces, and the users who join and leave it. */
type ScimChanges = {
  readonly grants: readonly GrantedGroup[];
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
};

const NO_CHANGES: ScimChanges = { grants: [], joining: [], leaving: [] };

/**
 * Members of user groups that follow a group of the identity provider. Callers hold the roster lock. Costs depend on the
 * number of users in the call, not on the size of the group.
 */
@Injectable()
export class SynchronizedMembersRepository {
  constructor(private readonly sql: Sql) {}

  /** Those of the names that a user group follows. */
  async listFollowed(orgId: string, names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    const rows = await this.sql.rows<{ name: string }>(FOLLOWED_NAMES, [orgId, names]);
    return new Set(rows.map(({ name }) => name));
  }

  /** What removing and then adding these users would change in the group that follows this name; nothing if none does. */
  async listScimChanges(
    orgId: string,
    name: string,
    { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<ScimChanges> {
    const changes = await this.sql.row<ScimChanges>(SCIM_CHANGES, [orgId, name, added, removed]);
    return changes ?? NO_CHANGES;
  }

  async addScimMembers(orgId: string, name: string, userIds: readonly string[]): Promise<void> {
    await this.sql.affected(ADD_SCIM_MEMBERS, [orgId, name, userIds]);
  }

  async removeScimMembers(orgId: string, name: string, userIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_SCIM_MEMBERS, [orgId, name, userIds]);
  }

  /** The groups that the user joined and left, by what the claim of a sign-in names. */
  async applyClaim(
    orgId: string,
    userId: string,
    names: readonly string[],
  ): Promise<{ joined: string[]; left: string[] }> {
    const left = await this.ids(REMOVE_CLAIMED_MEMBER, [orgId, userId, names]);
    return { joined: await this.ids(ADD_CLAIMED_MEMBER, [orgId, userId, names]), left };
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }
}
