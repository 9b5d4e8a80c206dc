import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { first, required } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { mapViolations } from '../../../../database/transactions/constraint-violation.js';
import { LastUsedJob, updateLastUsedAt } from '../../../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../../../database/jobs/removal.job.js';
import { Sql } from '../../../../database/transactions/sql.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { MemberNotFound } from '../../../members/index.js';
import { ORG_ADMIN_ID, RoleNotFound } from '../../../roles/index.js';
import { OLDEST_WORKSPACE, WorkspaceNotFound } from '../../../workspaces/index.js';
import { ApiKey, ApiKeyWorkspace } from './entities.js';
import { ApiKeyNotFound } from './errors.js';
import {
  ANCESTRY,
  FAMILY_IDS,
  REINSTATE_FAMILY,
  REVOKE_FAMILIES,
  REVOKE_OF_USER,
  VALID_IN_FAMILIES,
} from './token-families.statements.js';

/** `workspaceIds`: the workspaces that the key is limited to, in the order given; empty for any other key. */
export type ScopedKey = ApiKey & { workspaceIds: string[] };

/** What is absent has its default. */
type NewKey = Pick<ScopedKey, 'id' | 'orgId' | 'workspaceIds'> & Partial<ScopedKey>;

type Scope = { keyId: string; workspaceId: string };

/** A token `id` that ends with the token `root`, or is that token. */
export type FamilyMember = { readonly root: string; readonly id: string };

/** The valid key of a request. `createdByUserId`: the user who created it, if known. */
export type CallerKey = Pick<ApiKey, 'expiresAt' | 'createdByUserId'>;

/** A token keeps how its owner had signed in to the session, or for the token, with which it is created. */
const KEEP_SIGN_IN = {
  name: 'api_keys_keep_sign_in',
  text: `
    update api_keys k set (sign_in_method, acr, amr, authenticated_at) = (
      select s.method, s.acr, s.amr, s.authenticated_at from sessions s where s.id = k.created_with_id
      union all
      select p.sign_in_method, p.acr, p.amr, p.authenticated_at from api_keys p where p.id = k.created_with_id)
    where k.id = $1`,
};

/** Compares with the clock, not with the start of the transaction, which may have waited for a lock. */
const HOLD_VALID = {
  name: 'api_keys_hold_valid',
  text: `
    select expires_at as "expiresAt", created_by_user_id as "createdByUserId" from api_keys
    where org_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp()) for share`,
};

const EXPIRED = (days: number) => sweep('api_keys', { key: 'id', daysLater: days });

/** The workspaces of tokens without a default workspace. $1: organization, $2: owners. */
const FIRST_WORKSPACES = {
  name: 'api_keys_first_workspaces',
  text: `
    select c.user_id as id, v.display_name as name from unnest($2::uuid[]) as c (user_id)
    join current_org_memberships m on m.org_id = $1 and m.user_id = c.user_id
    cross join lateral (${OLDEST_WORKSPACE}) w
    join workspaces v on v.id = w.id`,
};

/** Members who may act in one of the workspaces. $1: organization, $2: users, $3: workspaces. */
const REACHING = {
  name: 'api_keys_owners_reaching_workspaces',
  text: `
    select m.user_id as id from current_org_memberships m
    where m.org_id = $1 and m.user_id = any($2) and exists (
      select from workspaces v
      left join current_workspace_memberships p on p.workspace_id = v.id and p.user_id = m.user_id
      where v.org_id = m.org_id and v.id = any($3) and (m.role_id = '${ORG_ADMIN_ID}' or p.id is not null))`,
};

/** The error for each foreign key whose target a concurrent request deleted. */
const TARGET_DELETED = (key: Partial<ApiKey>) => ({
  api_keys_org_id_user_id_fkey: () => new MemberNotFound(),
  api_keys_default_workspace_id_fkey: () => new WorkspaceNotFound(),
  api_keys_org_role_id_fkey: () => new RoleNotFound(required(key.orgRoleId, 'org_role_id')),
  api_keys_workspace_role_id_fkey: () => new RoleNotFound(required(key.workspaceRoleId, 'workspace_role_id')),
});
const WORKSPACE_DELETED = { api_key_workspaces_workspace_id_org_id_fkey: () => new WorkspaceNotFound() };

/** In the order given; of older keys, oldest first. $1: keys. */
const SCOPES = {
  name: 'api_keys_scopes',
  text: `
    select s.api_key_id as "keyId", s.workspace_id as "workspaceId"
    from api_key_workspaces s join workspaces w on w.id = s.workspace_id
    where s.api_key_id = any($1) order by s.position, w.created_at, w.id`,
};

const toIds = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

const NEWEST_FIRST = { createdAt: 'DESC', id: 'DESC' } as const;

@Injectable()
export class ApiKeysRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    lastUsed: LastUsedJob,
    removals: RemovalJob,
    { retention }: Config,
  ) {
    lastUsed.add('api_keys', updateLastUsedAt('api_keys'), 5000);
    if (retention.keyDays > 0) removals.addSweep('expired API keys', EXPIRED(retention.keyDays));
  }

  private get keys() {
    return this.transaction.manager.getRepository(ApiKey);
  }

  private get scopes() {
    return this.transaction.manager.getRepository(ApiKeyWorkspace);
  }

  /** Newest first. */
  listTokensOf(orgId: string, userId: string): Promise<ApiKey[]> {
    return this.keys.find({ where: { orgId, kind: 'pat', userId }, order: NEWEST_FIRST });
  }

  /** Of all members; newest first. */
  listTokens(orgId: string): Promise<ApiKey[]> {
    return this.keys.find({ where: { orgId, kind: 'pat' }, order: NEWEST_FIRST });
  }

  findToken(orgId: string, id: string): Promise<ApiKey | null> {
    return this.keys.findOneBy({ orgId, kind: 'pat', id });
  }

  /** The ids of the token and of those that end with it. */
  async listFamily(orgId: string, id: string): Promise<string[]> {
    return toIds(await this.sql.rows<{ id: string }>(FAMILY_IDS, [orgId, id]));
  }

  /** In all organizations. Returns those that were not revoked before. */
  revokeTokensOf(userId: string): Promise<Pick<ApiKey, 'id' | 'orgId'>[]> {
    return this.sql.rows(REVOKE_OF_USER, [userId]);
  }

  /** Returns the ids of the token and of those that were revoked with it; none if it is not revoked. */
  async reinstateFamily(orgId: string, id: string): Promise<string[]> {
    return toIds(await this.sql.rows<{ id: string }>(REINSTATE_FAMILY, [orgId, id]));
  }

  /** Keys of the users who may act in one of the workspaces. */
  async findReaching(
    orgId: string,
    userIds: readonly string[],
    workspaceIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    return new Set(toIds(await this.sql.rows<{ id: string }>(REACHING, [orgId, userIds, workspaceIds])));
  }

  /** The workspaces in which tokens act without a default workspace, by owner; users who are in none are missing. */
  async findFirstWorkspaceNames(
    orgId: string,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.sql.rows<{ id: string; name: string }>(FIRST_WORKSPACES, [orgId, userIds]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Keys and tokens in no particular order; those that are unknown are missing. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<ScopedKey[]> {
    if (ids.length === 0) return [];
    return this.withScopes(await this.keys.findBy({ orgId, id: In([...ids]) }));
  }

  /** The valid tokens that end with these tokens, these included. */
  findValidInFamilies(orgId: string, ids: readonly string[]): Promise<FamilyMember[]> {
    return this.sql.rows(VALID_IN_FAMILIES, [orgId, ids]);
  }

  /** Revokes the tokens and those that were created with them; returns those that were not revoked before. */
  revokeFamilies(orgId: string, ids: readonly string[]): Promise<FamilyMember[]> {
    return this.sql.rows(REVOKE_FAMILIES, [orgId, ids]);
  }

  /** The key or token and the tokens with which it was created. */
  async listAncestry(orgId: string, id: string): Promise<string[]> {
    return toIds(await this.sql.rows<{ id: string }>(ANCESTRY, [orgId, id]));
  }

  /** Newest first. */
  async listServiceKeys(orgId: string): Promise<ScopedKey[]> {
    return this.withScopes(await this.keys.find({ where: { orgId, kind: 'service' }, order: NEWEST_FIRST }));
  }

  /** Keys limited to workspaces, including this one; newest first. */
  async listServiceKeysIn(orgId: string, workspaceId: string): Promise<ScopedKey[]> {
    const here = await this.scopes.findBy({ orgId, workspaceId });
    const id = In(here.map(({ apiKeyId }) => apiKeyId));
    return this.withScopes(await this.keys.find({ where: { orgId, id }, order: NEWEST_FIRST }));
  }

  async findServiceKey(orgId: string, id: string): Promise<ScopedKey | null> {
    const key = await this.keys.findOneBy({ orgId, kind: 'service', id });
    return key && first(await this.withScopes([key]));
  }

  /** Null if the key is unknown or expired. Locks the key against changes until the transaction ends. */
  holdValid(orgId: string, id: string): Promise<CallerKey | null> {
    return this.sql.row<CallerKey>(HOLD_VALID, [orgId, id]);
  }

  async insert(key: NewKey): Promise<void> {
    await mapViolations(this.keys.insert(key), TARGET_DELETED(key));
    if (key.kind === 'pat') await this.sql.affected(KEEP_SIGN_IN, [key.id]);
    await this.insertScopes(key);
  }

  /**
   * Updates the mutable columns. The key's own row comes first, so that concurrent changes of one key are serialized.
   */
  async update(key: ScopedKey): Promise<void> {
    const { id, orgId, description, readOnly, workspaceRoleId, orgRoleId, defaultWorkspaceId } = key;
    const columns = { description, readOnly, workspaceRoleId, orgRoleId, defaultWorkspaceId };
    const { affected } = await mapViolations(
      this.keys.update({ id, orgId, kind: 'service' }, columns),
      TARGET_DELETED(key),
    );
    if (affected === 0) throw new ApiKeyNotFound();
    await this.scopes.delete({ apiKeyId: id });
    await this.insertScopes(key);
  }

  /** False if a concurrent request deleted it first. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.keys.delete({ orgId, id });
    return affected === 1;
  }

  private async insertScopes({ id: apiKeyId, orgId, workspaceIds }: NewKey): Promise<void> {
    const scopes = workspaceIds.map((workspaceId, position) => ({ apiKeyId, workspaceId, orgId, position }));
    if (scopes.length > 0) await mapViolations(this.scopes.insert(scopes), WORKSPACE_DELETED);
  }

  /** Adds the workspaces that each key is limited to. */
  private async withScopes(keys: readonly ApiKey[]): Promise<ScopedKey[]> {
    const ids = keys.map(({ id }) => id);
    const scopes = ids.length === 0 ? [] : await this.sql.rows<Scope>(SCOPES, [ids]);
    const byKey = Map.groupBy(scopes, ({ keyId }) => keyId);
    return keys.map((key) => ({
      ...key,
      workspaceIds: (byKey.get(key.id) ?? []).map(({ workspaceId }) => workspaceId),
    }));
  }
}
