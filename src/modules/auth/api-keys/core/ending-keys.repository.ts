import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../../common/access/permissions.js';
import { Sql, type Statement } from '../../../../database/transactions/sql.js';

/** A key or SCIM token whose creator's rights end. Without workspaces: of the whole organization. */
export type EndingCredential = {
  readonly id: string;
  readonly userId: string;
  readonly rightsEndAt: Date;
  readonly workspaceIds: readonly string[];
  /** Null for a SCIM token. */
  readonly roleId: string | null;
  /** Of a custom role. */
  readonly permissions: readonly Permission[] | null;
};

/** The new end of a credential. */
export type EarlierEnd = { readonly id: string; readonly endsAt: Date };

/** Keys with the rights of a user that end. $1: organization. */
const ENDING: Statement = {
  name: 'api_keys_ending',
  text: `
    select k.id, k.created_by_user_id as "userId", k.rights_end_at as "rightsEndAt", k.workspace_role_id as "roleId", r.permissions,
      array(select w.workspace_id from api_key_workspaces w where w.api_key_id = k.id) as "workspaceIds"
    from api_keys k left join roles r on r.id = k.workspace_role_id and r.org_id is not null
    where k.org_id = $1 and k.kind = 'service' and k.rights_end_at > now() and k.created_by_user_id is not null`,
};

/** $1 organization, $2 keys, $3 their ends. */
const END_EARLIER: Statement = {
  name: 'api_keys_end_earlier',
  text: `
    update api_keys k set rights_end_at = e.ends_at, expires_at = least(k.expires_at, e.ends_at)
    from unnest($2::uuid[], $3::timestamptz[]) e (id, ends_at) where k.org_id = $1 and k.id = e.id`,
};

export interface EndingCredentials {
  listEnding(orgId: string): Promise<EndingCredential[]>;
  endEarlier(orgId: string, ends: readonly EarlierEnd[]): Promise<void>;
}

@Injectable()
export class EndingKeysRepository implements EndingCredentials {
  constructor(private readonly sql: Sql) {}

  listEnding(orgId: string): Promise<EndingCredential[]> {
    return this.sql.rows<EndingCredential>(ENDING, [orgId]);
  }

  async endEarlier(orgId: string, ends: readonly EarlierEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const values = [orgId, ends.map(({ id }) => id), ends.map(({ endsAt }) => endsAt)];
    await this.sql.affected(END_EARLIER, values);
  }
}
