import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { first } from '../../../../common/collections.js';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { mapViolations } from '../../../../database/constraint-violation.js';
import { RemovalJob } from '../../../../database/removal.job.js';
import { Sql } from '../../../../database/sql.js';
import { sweep } from '../../../../database/sweep.statements.js';
import { Transaction } from '../../../../database/transaction.js';
import { MemberNotFound } from '../../../members/index.js';
import { RoleNotFound } from '../../../rbac/index.js';
import { OLDEST_WORKSPACE, WorkspaceNotFound } from '../../../workspaces/index.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeyNotFound } from './api-keys.errors.js';
import { ApiKeyWorkspace } from './api-key-workspace.entity.js';

/** `workspaceIds`: the workspaces that the key is limited to; empty for any other key. */
export type ScopedKey = { key: ApiKey; workspaceIds: string[] };

/** The valid key of a request. `createdByUserId`: the user who created it, if known. */
export type CallerKey = Pick<ApiKey, 'expiresAt' | 'createdByUserId'>;

/** Compares with the clock, not with the start of the transaction, which may have waited for a lock. */
const HOLD_VALID = {
  name: 'api_keys_hold_valid',
  text: `
    select expires_at as "expiresAt", created_by_user_id as "createdByUserId" from api_keys
    where org_id = $1 and id = $2 and (expires_at is null or expires_at > clock_timestamp()) for share`,
};

const EXPIRED = (days: number) => sweep('api_keys', { key: 'id', daysLater: days });

const MEMBER_EMAILS = {
  name: 'api_keys_member_emails',
  text: `
    select u.id, u.email from org_memberships m join users u on u.id = m.user_id
    where m.org_id = $1 and m.user_id = any($2)`,
};

/** The workspace of a token without a default workspace. $1: organization, $2: owner. */
const FIRST_WORKSPACE = {
  name: 'api_keys_first_workspace',
  text: `
    select v.display_name as name from (select $2::uuid as user_id) c
    join org_memberships m on m.org_id = $1 and m.user_id = c.user_id
    cross join lateral (${OLDEST_WORKSPACE}) w
    join workspaces v on v.id = w.id`,
};

/** The error for each foreign key whose target a concurrent request deleted. */
const TARGET_DELETED = (key: ApiKey) => ({
  api_keys_org_id_user_id_fkey: () => new MemberNotFound(),
  api_keys_default_workspace_id_fkey: () => new WorkspaceNotFound(),
  api_keys_org_role_id_fkey: () => new RoleNotFound(required(key.orgRoleId, 'org_role_id')),
  api_keys_workspace_role_id_fkey: () => new RoleNotFound(required(key.workspaceRoleId, 'workspace_role_id')),
});
const WORKSPACE_DELETED = { api_key_workspaces_workspace_id_org_id_fkey: () => new WorkspaceNotFound() };

const NEWEST_FIRST = { createdAt: 'DESC', id: 'DESC' } as const;

@Injectable()
export class ApiKeysRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
    { retention }: Config,
  ) {
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

  findTokenOf(orgId: string, userId: string, id: string): Promise<ApiKey | null> {
    return this.keys.findOneBy({ orgId, kind: 'pat', userId, id });
  }

  /** The workspace in which the user's tokens act without a default workspace; null if the user is in none. */
  async findFirstWorkspaceName(orgId: string, userId: string): Promise<string | null> {
    return (await this.sql.row<{ name: string }>(FIRST_WORKSPACE, [orgId, userId]))?.name ?? null;
  }

  /** E-mail addresses by user id; users who are not members of the organization are missing. */
  async findMemberEmails(orgId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.sql.rows<{ id: string; email: string }>(MEMBER_EMAILS, [orgId, userIds]);
    return new Map(rows.map(({ id, email }) => [id, email]));
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

  /** Keys that the user created, directly or with another key; newest first. */
  listServiceKeysMadeBy(orgId: string, createdByUserId: string): Promise<ApiKey[]> {
    return this.keys.find({ where: { orgId, kind: 'service', createdByUserId }, order: NEWEST_FIRST });
  }

  async findServiceKey(orgId: string, id: string): Promise<ScopedKey | null> {
    const key = await this.keys.findOneBy({ orgId, kind: 'service', id });
    return key && first(await this.withScopes([key]));
  }

  /** Null if the key is unknown or expired. Locks the key against changes until the transaction ends. */
  holdValid(orgId: string, id: string): Promise<CallerKey | null> {
    return this.sql.row<CallerKey>(HOLD_VALID, [orgId, id]);
  }

  async insert({ key, workspaceIds }: ScopedKey): Promise<void> {
    await mapViolations(this.keys.insert(key), TARGET_DELETED(key));
    await this.insertScopes({ key, workspaceIds });
  }

  /**
   * Updates the mutable columns. The key's own row comes first, so that concurrent changes of one key are serialized.
   */
  async update({ key, workspaceIds }: ScopedKey): Promise<void> {
    const { id, orgId, description, readOnly, workspaceRoleId, orgRoleId, defaultWorkspaceId } = key;
    const columns = { description, readOnly, workspaceRoleId, orgRoleId, defaultWorkspaceId };
    const { affected } = await mapViolations(
      this.keys.update({ id, orgId, kind: 'service' }, columns),
      TARGET_DELETED(key),
    );
    if (affected === 0) throw new ApiKeyNotFound();
    await this.scopes.delete({ apiKeyId: id });
    await this.insertScopes({ key, workspaceIds });
  }

  /** False if a concurrent request deleted it first. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.keys.delete({ orgId, id });
    return affected === 1;
  }

  /** Deletes all keys in one statement. */
  async removeAll(orgId: string, ids: readonly string[]): Promise<void> {
    await this.keys.delete({ orgId, id: In([...ids]) });
  }

  private async insertScopes({ key, workspaceIds }: ScopedKey): Promise<void> {
    const scopes = workspaceIds.map((workspaceId) => ({ apiKeyId: key.id, workspaceId, orgId: key.orgId }));
    if (scopes.length > 0) await mapViolations(this.scopes.insert(scopes), WORKSPACE_DELETED);
  }

  /** Adds the workspaces that each key is limited to. */
  async withScopes(keys: readonly ApiKey[]): Promise<ScopedKey[]> {
    const scopes =
      keys.length === 0 ? [] : await this.scopes.findBy({ apiKeyId: In(keys.map(({ id }) => id)) });
    const byKey = Map.groupBy(scopes, ({ apiKeyId }) => apiKeyId);
    return keys.map((key) => ({
      key,
      workspaceIds: (byKey.get(key.id) ?? []).map(({ workspaceId }) => workspaceId),
    }));
  }
}
