import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Sql } from '../../../../database/transactions/sql.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import type { CreatedCredential } from '../../../members/index.js';
import { ApiKey } from '../core/entities.js';
import type { DeletableKey } from './service-key-rights.js';

/** The user who created keys, or the key with which they were created. */
export type Creator = { readonly userId: string | null; readonly keyId: string | null };

/** A service key or personal access token; `workspaceIds` of a service key that is limited to workspaces. */
export type CreatedKey = CreatedCredential & DeletableKey & Pick<ApiKey, 'kind' | 'userId'>;

/** Of the user, or with the key, and with all of these, and so on; newest first. $1: organization. */
const CREATED_BY = {
  name: 'api_keys_created_by',
  text: `
    with recursive created as (
      select id from api_keys
      where org_id = $1 and (created_by_user_id = $2::uuid or user_id = $2 or maker_key_id = $3::uuid)
      union
      select k.id from api_keys k join created c on k.maker_key_id = c.id where k.org_id = $1)
    select k.id, k.kind, k.short_key as "shortKey", k.description, k.user_id as "userId", k.is_org_wide as "isOrgWide",
      k.workspace_role_id as "workspaceRoleId", k.created_by_user_id as "createdByUserId",
      k.created_with_id as "createdWithId",
      array(select workspace_id from api_key_workspaces w where w.api_key_id = k.id) as "workspaceIds"
    from api_keys k join created c on c.id = k.id
    order by k.created_at desc, k.id desc`,
};

const REVOKE_TOKENS = {
  name: 'api_keys_revoke_tokens',
  text: `
    update api_keys set revoked_at = statement_timestamp()
    where org_id = $1 and id = any($2) and kind = 'pat' and revoked_at is null
    returning id, user_id as "userId"`,
};

/** Keys by who created them, and with which key. */
@Injectable()
export class CreatedKeysRepository {
  constructor(
    private readonly sql: Sql,
    private readonly transaction: Transaction,
  ) {}

  /** Keys that were created with deleted ones are found by the next key in line (`ApiKey.creatorKeyId`). */
  list(orgId: string, { userId, keyId }: Creator): Promise<CreatedKey[]> {
    return this.sql.rows<CreatedKey>(CREATED_BY, [orgId, userId, keyId]);
  }

  async remove(orgId: string, ids: readonly string[]): Promise<void> {
    await this.transaction.manager.getRepository(ApiKey).delete({ orgId, kind: 'service', id: In([...ids]) });
  }

  /** Returns those that were not revoked before. */
  revokeTokens(orgId: string, ids: readonly string[]): Promise<Pick<CreatedKey, 'id' | 'userId'>[]> {
    return this.sql.rows(REVOKE_TOKENS, [orgId, ids]);
  }
}
