import { Injectable } from '@nestjs/common';
import { mapViolations } from '../../../database/constraint-violation.js';
import { pageWithTotal } from '../../../database/page-with-total.js';
import { Sql } from '../../../database/sql.js';
import type { ListRequest } from '../protocol/list-request.js';
import { ScimError } from '../protocol/scim.errors.js';
import type { ScimUser } from './scim-user.entity.js';
import { FIND, INSERT, LOCK, pageOf, UPDATE, type UserListQuery } from './user.statements.js';

/** A SCIM user with the data of its membership and its groups. */
export type ScimUserRow = ScimUser & {
  readonly isActive: boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
};

/** The columns that the database sets. */
type Generated = Pick<ScimUser, 'id' | 'version' | 'createdAt' | 'updatedAt'>;
export type NewScimRecord = Omit<ScimUser, Exclude<keyof Generated, 'id'>>;

const taken = (what: string) => () => new ScimError('uniqueness', `Another user has this ${what} already.`);

const TAKEN = {
  scim_users_one_per_user_name: taken('userName'),
  scim_users_one_per_external_id: taken('externalId'),
  scim_users_one_per_member: () =>
    new ScimError('uniqueness', 'This person already has a user here; find it by its e-mail address.'),
};

@Injectable()
export class ScimUsersRepository {
  constructor(private readonly sql: Sql) {}

  find(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(FIND, [orgId, id]);
  }

  /** Without its groups; the row is locked until the transaction ends. */
  lock(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(LOCK, [orgId, id]);
  }

  /** In the given order. @throws ScimError uniqueness */
  async insert(records: readonly NewScimRecord[]): Promise<ScimUser[]> {
    const inserting = this.sql.rows<Generated>(INSERT, [JSON.stringify(records)]);
    const inserted = await mapViolations(inserting, TAKEN);
    const byId = new Map(inserted.map((row) => [row.id, row]));
    return records.map((record) => ({ ...record, ...byId.get(record.id)! }));
  }

  /** @throws ScimError uniqueness */
  async update(
    { orgId, id }: Pick<ScimUser, 'orgId' | 'id'>,
    changed: Pick<ScimUser, 'userName' | 'externalId' | 'attributes'> & { emails: readonly string[] },
  ): Promise<void> {
    const values = [orgId, id, changed.userName, changed.externalId, changed.emails, changed.attributes];
    await mapViolations(this.sql.affected(UPDATE, values), TAKEN);
  }

  page(
    orgId: string,
    { count, startIndex }: Pick<ListRequest, 'count' | 'startIndex'>,
    query: UserListQuery,
  ) {
    const values = query.condition?.values ?? [];
    return pageWithTotal({ limit: count, offset: startIndex - 1 }, (limit, offset) =>
      this.sql.rows<ScimUserRow & { total: string }>(pageOf(query), [orgId, limit, offset, ...values]),
    );
  }
}
