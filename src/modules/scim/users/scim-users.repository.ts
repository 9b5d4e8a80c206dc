import { Injectable } from '@nestjs/common';
import { explainingViolations } from '../../../database/constraint-violation.js';
import { Sql } from '../../../database/sql.js';
import type { ListRequest } from '../protocol/list-request.js';
import { ScimError } from '../protocol/scim-error.js';
import type { ScimUser } from './scim-user.entity.js';
import { countOf, FIND, INSERT, LOCK, pageOf, UPDATE, type UserListQuery } from './user-statements.js';

/** A record with what the membership and the groups say of it. */
export type ScimUserRow = ScimUser & {
  readonly isActive: boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
};

const taken = (what: string) => () => new ScimError('uniqueness', `Another user has this ${what} already.`);

const TAKEN = {
  scim_users_one_per_user_name: taken('userName'),
  scim_users_one_per_external_id: taken('externalId'),
  scim_users_one_per_member: () =>
    new ScimError('uniqueness', 'This person has a user here already; look for it by its e-mail address.'),
};

@Injectable()
export class ScimUsersRepository {
  constructor(private readonly sql: Sql) {}

  find(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(FIND, [orgId, id]);
  }

  /** Without its groups; nobody else changes it until the transaction ends. */
  lock(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(LOCK, [orgId, id]);
  }

  /** Throws uniqueness. */
  async insert(users: readonly ScimUser[]): Promise<void> {
    await explainingViolations(this.sql.affected(INSERT, [JSON.stringify(users)]), TAKEN);
  }

  /** Throws uniqueness. */
  async update(
    { orgId, id }: Pick<ScimUser, 'orgId' | 'id'>,
    changed: Pick<ScimUser, 'userName' | 'externalId' | 'attributes'> & { emails: readonly string[] },
  ): Promise<void> {
    const values = [orgId, id, changed.userName, changed.externalId, changed.emails, changed.attributes];
    await explainingViolations(this.sql.affected(UPDATE, values), TAKEN);
  }

  /** The total comes with each row; where there is none, it is counted. */
  async page(
    orgId: string,
    { count, startIndex }: Pick<ListRequest, 'count' | 'startIndex'>,
    query: UserListQuery,
  ): Promise<{ rows: ScimUserRow[]; total: number }> {
    const values = query.condition?.values ?? [];
    const rows =
      count === 0
        ? []
        : await this.sql.rows<ScimUserRow & { total: string }>(pageOf(query), [
            orgId,
            count,
            startIndex - 1,
            ...values,
          ]);
    if (rows[0] || (count > 0 && startIndex === 1)) return { rows, total: Number(rows[0]?.total ?? 0) };
    return { rows, total: await this.count(orgId, query) };
  }

  private async count(orgId: string, query: UserListQuery): Promise<number> {
    const values = [orgId, null, null, ...(query.condition?.values ?? [])];
    return (await this.sql.row<{ total: number }>(countOf(query), values))?.total ?? 0;
  }
}
