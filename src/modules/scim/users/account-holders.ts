import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';

const IS_SOLELY_HELD = {
  name: 'scim_account_is_ours_alone',
  text: `
    select not exists (select from org_memberships where user_id = $2 and org_id <> $1)
      and not exists (
        select from login_methods where user_id = $2 and provisioning_method is distinct from 'scim') as alone`,
};

/** Whoever joins it to something refers to this row, and waits; whoever has done so is seen by the next statement. */
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
 * Who else holds an account: a read model over memberships and logins. What SCIM made, SCIM may change and take back only
 * while no other organization and no other way to sign in holds it (contract decision 37).
 */
@Injectable()
export class AccountHolders {
  constructor(private readonly sql: Sql) {}

  /** It stays so until the transaction ends: other organizations decide under locks of their own. */
  async lockIfSolelyHeld(orgId: string, userId: string): Promise<boolean> {
    await this.sql.affected(LOCK, [userId]);
    return (await this.sql.row<{ alone: boolean }>(IS_SOLELY_HELD, [orgId, userId]))?.alone ?? false;
  }

  /** Of accounts of logins that SCIM gave: those that nobody holds any more, so that they are as good as new. */
  async listAbandoned(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.sql.rows<{ id: string }>(LIST_ABANDONED, [userIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
