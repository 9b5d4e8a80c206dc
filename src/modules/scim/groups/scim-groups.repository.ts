import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../../database/database-clock.js';
import { insertUnlessTaken } from '../../../database/insert-unless-taken.js';
import { pageWithTotal } from '../../../database/page-with-total.js';
import { Sql, type Statement } from '../../../database/sql.js';
import { Transaction } from '../../../database/transaction.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';
import {
  BIND,
  FIND,
  FIND_WITH_MEMBERS,
  type GroupListQuery,
  LIST_IDLE,
  LOCK,
  NAME_EXISTS,
  pageOf,
  UPDATE,
} from './group.statements.js';
import type { GroupBinding } from './group-binding.js';
import { ScimGroup } from './entities.js';

/** A group with the names of its grant, and with its members if they were requested. */
export type ScimGroupRow = ScimGroup & {
  readonly workspaceName: string | null;
  readonly roleName: string | null;
  /** A user group of the organization follows it (docs/contract/user-groups.md#synchronization). */
  readonly isFollowed: boolean;
  readonly members: readonly { readonly id: string; readonly name: string }[];
};

type WrittenGroup = Omit<ScimGroup, 'version' | 'createdAt' | 'updatedAt'>;

@Injectable()
export class ScimGroupsRepository {
  constructor(
    private readonly clock: DatabaseClock,
    private readonly sql: Sql,
    private readonly transaction: Transaction,
  ) {}

  find(orgId: string, id: string, options: { withMembers: boolean }): Promise<ScimGroupRow | null> {
    return this.row(options.withMembers ? FIND_WITH_MEMBERS : FIND, orgId, id);
  }

  /** Without its members; the row is locked until the transaction ends. */
  lock(orgId: string, id: string): Promise<ScimGroupRow | null> {
    return this.row(LOCK, orgId, id);
  }

  listIdle(orgId: string): Promise<ScimGroupRow[]> {
    return this.sql.rows<ScimGroupRow>(LIST_IDLE, [orgId]);
  }

  /** @throws ScimError uniqueness */
  async insert(group: WrittenGroup): Promise<void> {
    const rows = this.transaction.manager.getRepository(ScimGroup);
    const createdAt = await this.clock.now();
    if (!(await insertUnlessTaken(rows, { ...group, version: 1, createdAt, updatedAt: createdAt })))
      throw await this.conflictOf(group);
  }

  /** Increments the version. @throws ScimError uniqueness */
  async update(group: WrittenGroup): Promise<void> {
    const { orgId, id, displayName, externalId, kind, orgRole, workspaceId, roleId, makesAdmins } = group;
    const values = [orgId, id, displayName, externalId, kind, orgRole, workspaceId, roleId, makesAdmins];
    if ((await this.sql.affected(UPDATE, values)) === 0) throw await this.conflictOf(group);
  }

  /** Updates the bindings and increments the versions. */
  async bind(orgId: string, groups: readonly (GroupBinding & Pick<ScimGroup, 'id'>)[]): Promise<void> {
    await this.sql.affected(BIND, [
      orgId,
      groups.map(({ id }) => id),
      groups.map(({ kind }) => kind),
      groups.map(({ orgRole }) => orgRole),
      groups.map(({ workspaceId }) => workspaceId),
      groups.map(({ roleId }) => roleId),
    ]);
  }

  async remove(orgId: string, id: string): Promise<void> {
    await this.transaction.manager.getRepository(ScimGroup).delete({ orgId, id });
  }

  page(
    orgId: string,
    { count, startIndex }: Pick<ListRequest, 'count' | 'startIndex'>,
    query: GroupListQuery,
  ) {
    const values = query.condition?.values ?? [];
    return pageWithTotal({ limit: count, offset: startIndex - 1 }, (limit, offset) =>
      this.sql.rows<ScimGroupRow & { total: string }>(pageOf(query), [orgId, limit, offset, ...values]),
    );
  }

  private async conflictOf({
    orgId,
    id,
    displayName,
  }: Pick<ScimGroup, 'orgId' | 'id' | 'displayName'>): Promise<ScimError> {
    const isName = (await this.sql.row(NAME_EXISTS, [orgId, id, displayName])) !== null;
    return new ScimError(
      'uniqueness',
      `Another group has this ${isName ? 'displayName' : 'externalId'} already.`,
    );
  }

  private row(statement: Statement, orgId: string, id: string): Promise<ScimGroupRow | null> {
    return this.sql.row<ScimGroupRow>(statement, [orgId, id]);
  }
}
