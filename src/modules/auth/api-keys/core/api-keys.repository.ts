import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { first, required } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { mapViolations } from '../../../../database/transactions/constraint-violation.js';
import { LastUsedJob, updateLastUsedAt } from '../../../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../../../database/jobs/removal.job.js';
import { Sql, type Statement } from '../../../../database/transactions/sql.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { type CreatedCredential, MemberNotFound } from '../../../members/index.js';
import { RoleNotFound } from '../../../roles/index.js';
import { WorkspaceNotFound } from '../../../workspaces/index.js';
import * as statements from './api-keys.statements.js';
import { ApiKey, ApiKeyWorkspace } from './entities.js';
import { ApiKeyNotFound } from './errors.js';

/** `workspaceIds`: the workspaces that the key is limited to, in the order given; empty for any other key. */
export type ScopedKey = ApiKey & { workspaceIds: string[] };

/** What is absent has its default. */
type NewKey = Pick<ScopedKey, 'id' | 'orgId' | 'workspaceIds'> & Partial<ScopedKey>;

/** A token `id` that ends with the token `root`, or is that token. */
export type FamilyMember = { readonly root: string; readonly id: string };

export type KeyScope = Pick<ApiKey, 'isOrgWide' | 'workspaceRoleId'> & {
  readonly workspaceIds: readonly string[];
};

export type DeletableKey = KeyScope & Pick<ApiKey, 'createdByUserId' | 'createdWithId'>;

/** The user who created keys, or the key with which they were created. */
export type Creator = { readonly userId: string | null; readonly keyId: string | null };

export type CreatedKey = CreatedCredential & DeletableKey & Pick<ApiKey, 'kind' | 'userId'>;

/** The error for each foreign key whose target a concurrent request deleted. */
const TARGET_DELETED = (key: Partial<ApiKey>) => ({
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
    lastUsed: LastUsedJob,
    removals: RemovalJob,
    { retention }: Config,
  ) {
    lastUsed.add('api_keys', updateLastUsedAt('api_keys'), 5000);
    const { keyDays } = retention;
    if (keyDays > 0)
      removals.addSweep('expired API keys', sweep('api_keys', { key: 'id', daysLater: keyDays }));
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
  listFamily(orgId: string, id: string): Promise<string[]> {
    return this.ids(statements.FAMILY_IDS, [orgId, id]);
  }

  /** In all organizations. Returns those that were not revoked before. */
  revokeTokensOf(userId: string): Promise<Pick<ApiKey, 'id' | 'orgId'>[]> {
    return this.sql.rows(statements.REVOKE_OF_USER, [userId]);
  }

  /** Returns the ids of the token and of those that were revoked with it; none if it is not revoked. */
  reinstateFamily(orgId: string, id: string): Promise<string[]> {
    return this.ids(statements.REINSTATE_FAMILY, [orgId, id]);
  }

  /** Those of the users who have a role in one of the workspaces. */
  async findReaching(
    orgId: string,
    userIds: readonly string[],
    workspaceIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    return new Set(await this.ids(statements.REACHING, [orgId, userIds, workspaceIds]));
  }

  /** The workspaces in which tokens act without a default workspace, by owner; users who are in none are missing. */
  async findFirstWorkspaceNames(
    orgId: string,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.sql.rows<{ id: string; name: string }>(statements.FIRST_WORKSPACES, [
      orgId,
      userIds,
    ]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Keys and tokens in no particular order; those that are unknown are missing. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<ScopedKey[]> {
    if (ids.length === 0) return [];
    return this.withScopes(await this.keys.findBy({ orgId, id: In([...ids]) }));
  }

  /** The valid tokens that end with these tokens, these included. */
  findValidInFamilies(orgId: string, ids: readonly string[]): Promise<FamilyMember[]> {
    return this.sql.rows(statements.VALID_IN_FAMILIES, [orgId, ids]);
  }

  /** Revokes the tokens and those that were created with them; returns those that were not revoked before. */
  revokeFamilies(orgId: string, ids: readonly string[]): Promise<FamilyMember[]> {
    return this.sql.rows(statements.REVOKE_FAMILIES, [orgId, ids]);
  }

  /** The key or token and the tokens with which it was created. */
  listAncestry(orgId: string, id: string): Promise<string[]> {
    return this.ids(statements.ANCESTRY, [orgId, id]);
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
  holdValid(orgId: string, id: string): Promise<Pick<ApiKey, 'expiresAt' | 'createdByUserId'> | null> {
    return this.sql.row(statements.HOLD_VALID, [orgId, id]);
  }

  async insert(key: NewKey): Promise<void> {
    await mapViolations(this.keys.insert(key), TARGET_DELETED(key));
    if (key.kind === 'pat') await this.sql.affected(statements.KEEP_SIGN_IN, [key.id]);
    await this.insertScopes(key);
  }

  /** The key's own row comes first, so that concurrent changes of one key are serialized. */
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

  /** Null if the key has expired, or has been revoked or deleted. */
  async rotate<Key extends ApiKey>(
    key: Key,
    { digest, shortKey, rightsEndAt }: Pick<ApiKey, 'digest' | 'shortKey' | 'rightsEndAt'>,
    overlapHours: number,
  ): Promise<Key | null> {
    const values = [key.orgId, key.id, digest, shortKey, overlapHours, rightsEndAt];
    const rotated = await this.sql.row<Pick<ApiKey, 'shortKey' | 'previousEndsAt'>>(
      statements.ROTATE,
      values,
    );
    return rotated && { ...key, ...rotated };
  }

  /** Newest first. Keys that were created with deleted ones are found by the next key in line (`ApiKey.creatorKeyId`). */
  listCreatedBy(orgId: string, { userId, keyId }: Creator): Promise<CreatedKey[]> {
    return this.sql.rows<CreatedKey>(statements.CREATED_BY, [orgId, userId, keyId]);
  }

  /** Returns those that were not revoked before. */
  revokeTokens(orgId: string, ids: readonly string[]): Promise<Pick<CreatedKey, 'id' | 'userId'>[]> {
    return this.sql.rows(statements.REVOKE_TOKENS, [orgId, ids]);
  }

  async removeServiceKeys(orgId: string, ids: readonly string[]): Promise<void> {
    await this.keys.delete({ orgId, kind: 'service', id: In([...ids]) });
  }

  /** False if a concurrent request deleted it first. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.keys.delete({ orgId, id });
    return affected === 1;
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }

  private async insertScopes({ id: apiKeyId, orgId, workspaceIds }: NewKey): Promise<void> {
    const scopes = workspaceIds.map((workspaceId, position) => ({ apiKeyId, workspaceId, orgId, position }));
    if (scopes.length > 0) await mapViolations(this.scopes.insert(scopes), WORKSPACE_DELETED);
  }

  private async withScopes(keys: readonly ApiKey[]): Promise<ScopedKey[]> {
    const ids = keys.map(({ id }) => id);
    const scopes =
      ids.length === 0
        ? []
        : await this.sql.rows<{ keyId: string; workspaceId: string }>(statements.SCOPES, [ids]);
    const byKey = Map.groupBy(scopes, ({ keyId }) => keyId);
    return keys.map((key) => ({
      ...key,
      workspaceIds: (byKey.get(key.id) ?? []).map(({ workspaceId }) => workspaceId),
    }));
  }
}
