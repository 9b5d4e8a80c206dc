import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';

const IS_SOLELY_HELD = {
  name: 'scim_account_is_ours_alone',
  text: `
    select not exists (select from org_memberships where user_id = $2 and org_id <> $1)
      and not exists (
        select from login_methods where user_id = $2 and provisioning_method is distinct from 'scim') as alone`,
};

/** Foreign keys to this row wait for the lock; the next statement sees those already committed. */
const LOCK = { name: 'scim_account_hold', text: 'select from users where id = $1 for update' };

const LIST_ABANDONED = {
  name: 'scim_accounts_list_abandoned',
  text: `
    select id from users u where id = any($1)
      and not exists (select from org_memberships where user_id = u.id)
      and not exists (
        select from login_methods where user_id = u.id and provisioning_method is distinct from 'scim')`,
};

/**
 * Who else holds an account: a read model over memberships and login methods. SCIM may change or remove an account
 * that it created only while no other organization and no other login method holds it
 * (docs/contract/scim.md#records).
 */
@Injectable()
export class AccountHolders {
  constructor(private readonly sql: Sql) {}

  /** Holds until the transaction ends: other organizations decide under their own roster locks. */
  async lockIfSolelyHeld(orgId: string, userId: string): Promise<boolean> {
    await this.sql.affected(LOCK, [userId]);
    return (await this.sql.row<{ alone: boolean }>(IS_SOLELY_HELD, [orgId, userId]))?.alone ?? false;
  }

  /** Those of these accounts that have no membership and no login method that SCIM did not create. */
  async listAbandoned(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.sql.rows<{ id: string }>(LIST_ABANDONED, [userIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
