import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../roles/index.js';

/** Access to an organization that a user had until a date. */
export type EndedAccess = {
  readonly orgId: string;
  readonly endedAt: Date;
  /** The name of the user who set the date, if they are an admin of that organization; else null. */
  readonly setByName: string | null;
};

/** $1 user, $2 role of Organization Admins. What is not tidied yet, too; not where access was given again. */
const OF_USER = named('ended_access_of_user')`
  select e.org_id as "orgId", e.ended_at as "endedAt", (
    select a.user_full_name from current_org_memberships a
    where a.org_id = e.org_id and a.user_id = e.set_by_user_id and a.role_id = $2 and not a.is_disabled) as "setByName"
  from (
    select org_id, ended_at, set_by_user_id from ended_memberships where user_id = $1
    union all
    select org_id, access_expires_at, access_expires_set_by_user_id from org_memberships
    where user_id = $1 and access_expires_at <= now() and reverts_to_role_id is null) e
  where not exists (select from current_org_memberships m where m.org_id = e.org_id and m.user_id = $1)
  order by e.ended_at desc`;

/** See docs/contract/sign-in.md#access-that-has-ended. */
@Injectable()
export class EndedAccessLookup {
  constructor(private readonly sql: Sql) {}

  /** The latest end first. */
  ofUser(userId: string): Promise<EndedAccess[]> {
    return this.sql.rows<EndedAccess>(OF_USER, [userId, ORG_ADMIN_ID]);
  }
}
