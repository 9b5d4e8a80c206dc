import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import { UsersService } from '../../users/index.js';

const IS_SOLELY_HELD = {
  name: 'scim_account_is_ours_alone',
  text: `
    select not exists (select from org_memberships where user_id = $2 and org_id <> $1)
      and not exists (
        select from login_methods where user_id = $2 and provisioning_method is distinct from 'scim') as alone`,
};

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
export class AccountHoldersRepository {
  constructor(
    private readonly sql: Sql,
    private readonly users: UsersService,
  ) {}

  /** Holds until the transaction ends: other organizations decide under their own roster locks. */
  async lockIfSolelyHeld(orgId: string, userId: string): Promise<boolean> {
    await this.users.lock([userId]); // the next statement sees the rows that refer to the account and are committed
    return (await this.sql.row<{ alone: boolean }>(IS_SOLELY_HELD, [orgId, userId]))?.alone ?? false;
  }

  /** Those of these accounts that have no membership and no login method that SCIM did not create. */
  async listAbandoned(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.sql.rows<{ id: string }>(LIST_ABANDONED, [userIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
