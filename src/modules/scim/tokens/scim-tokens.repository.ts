import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { secretDigest, shortScimToken } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { LastUsedJob, updateLastUsedAt } from '../../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { EndKeysEarlier, IS_UNEXPIRED, SET_SECRET } from '../../auth/api-keys/index.js';
import { ScimToken } from './scim-token.entity.js';

export type FoundToken = Pick<
  ScimToken,
  'id' | 'orgId' | 'makesAdmins' | 'createdByUserId' | 'rightsEndAt'
> & {
  orgIsDisabled: boolean;
  orgIpAllowlist: readonly string[];
  scimRolesEnabled: boolean;
  /** By the database's clock, in seconds since the Unix epoch; null: never. */
  endsAt: number | null;
};

type NewScimToken = Omit<
  ScimToken,
  'id' | 'digest' | 'shortToken' | 'updatedAt' | 'lastUsedAt' | 'previousDigest' | 'previousEndsAt'
>;

/**
 * By the current secret, or until its end by the one before it (docs/contract/keys.md#rotating-keys-and-tokens). Its result is cached until an
 * access change (docs/decisions/0061).
 */
export const FIND_VALID = named('scim_tokens_find_valid')`
  select t.id, t.org_id as "orgId", t.makes_admins as "makesAdmins",
    t.created_by_user_id as "createdByUserId", t.rights_end_at as "rightsEndAt", o.is_disabled as "orgIsDisabled", o.ip_allowlist as "orgIpAllowlist",
    o.scim_roles_enabled as "scimRolesEnabled",
    extract(epoch from case when t.digest = $1 then t.expires_at else least(t.expires_at, t.previous_ends_at) end)::float8
      as "endsAt"
  from scim_tokens t join organizations o on o.id = t.org_id
  where (t.digest = $1 or t.previous_digest = $1 and t.previous_ends_at > now())
    and (t.expires_at is null or t.expires_at > now())`;

const ROTATE = named('scim_tokens_rotate')`
  update scim_tokens set short_token = $4, updated_at = clock_timestamp(), ${SET_SECRET}
  where org_id = $1 and id = $2 and ${IS_UNEXPIRED}
  returning short_token as "shortToken", updated_at as "updatedAt", previous_ends_at as "previousEndsAt"`;

const ENDING = named('scim_tokens_ending')`
  select id, created_by_user_id as "userId", rights_end_at as "rightsEndAt", null::uuid as "roleId", null::text[] as permissions,
    '{}'::uuid[] as "workspaceIds"
  from scim_tokens where org_id = $1 and rights_end_at > now() and created_by_user_id is not null`;

const END_EARLIER = named('scim_tokens_end_earlier')`
  update scim_tokens t set rights_end_at = e.ends_at, expires_at = least(t.expires_at, e.ends_at)
  from unnest($2::uuid[], $3::timestamptz[]) e (id, ends_at) where t.org_id = $1 and t.id = e.id`;

const NEWEST_FIRST = { createdAt: 'DESC', id: 'DESC' } as const;

@Injectable()
export class ScimTokensRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    lastUsed: LastUsedJob,
    removals: RemovalJob,
    ends: EndKeysEarlier,
    private readonly config: Config,
  ) {
    lastUsed.add('scim_tokens', updateLastUsedAt('scim_tokens'), 5000);
    const { keyDays } = config.retention;
    if (keyDays > 0)
      removals.addSweep('expired SCIM tokens', sweep('scim_tokens', { key: 'id', daysLater: keyDays }));
    ends.add({ ending: ENDING, endEarlier: END_EARLIER });
  }

  private get rows() {
    return this.transaction.manager.getRepository(ScimToken);
  }

  findValid(secret: string): Promise<FoundToken | null> {
    return this.sql.row<FoundToken>(FIND_VALID, [this.digestOf(secret)]);
  }

  /** Newest first. */
  list(orgId: string): Promise<ScimToken[]> {
    return this.rows.find({ where: { orgId }, order: NEWEST_FIRST });
  }

  find(orgId: string, id: string): Promise<ScimToken | null> {
    return this.rows.findOneBy({ orgId, id });
  }

  findByIds(orgId: string, ids: readonly string[]): Promise<ScimToken[]> {
    return this.rows.findBy({ orgId, id: In([...ids]) });
  }

  /** Tokens that the user created, or that were created with one of the keys; newest first. */
  listCreatedBy(
    orgId: string,
    { userId, keyIds }: { readonly userId: string | null; readonly keyIds: readonly string[] },
  ): Promise<ScimToken[]> {
    const withKeys = { orgId, creatorKeyId: In([...keyIds]) };
    const where = userId ? [{ orgId, createdByUserId: userId }, withKeys] : withKeys;
    return this.rows.find({ where, order: NEWEST_FIRST });
  }

  async insert(token: NewScimToken, secret: string): Promise<ScimToken> {
    const stored = {
      ...token,
      id: newId(),
      digest: this.digestOf(secret),
      shortToken: shortScimToken(secret),
      updatedAt: token.createdAt,
      lastUsedAt: null,
      previousDigest: null,
      previousEndsAt: null,
    };
    await this.rows.insert(stored);
    return stored;
  }

  /** False if there is no such token. */
  async describe(orgId: string, id: string, description: string): Promise<boolean> {
    const { affected } = await this.rows.update({ orgId, id }, { description, updatedAt: () => 'now()' });
    return affected === 1;
  }

  /** Replaces the secret. Null if the token has expired, or another request removed it first. */
  async rotate(
    token: ScimToken,
    secret: string,
    { overlapHours, rightsEndAt }: { readonly overlapHours: number; readonly rightsEndAt: Date | null },
  ): Promise<ScimToken | null> {
    const stored = [this.digestOf(secret), shortScimToken(secret)];
    const values = [token.orgId, token.id, ...stored, overlapHours, rightsEndAt];
    const rotated = await this.sql.row<Partial<ScimToken>>(ROTATE, values);
    return rotated && { ...token, ...rotated };
  }

  /** False if another request removed it first. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.rows.delete({ orgId, id });
    return affected === 1;
  }

  async removeAll(orgId: string, ids: readonly string[]): Promise<void> {
    await this.rows.delete({ orgId, id: In([...ids]) });
  }

  private digestOf(secret: string): Buffer {
    return secretDigest(this.config.apiKeys.salt, secret);
  }
}
