import { Injectable } from '@nestjs/common';
import { columnsOf } from '../../../common/collections.js';
import { entityColumns } from '../../../database/statements/entity-columns.js';
import { LastUsedJob } from '../../../database/jobs/last-used.job.js';
import { newId, newIds } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { OrgMembership, WorkspaceMembership } from './entities.js';
import type { RoleUntil } from './role-end.js';
import * as changes from './membership-changes.statements.js';
import { type ChangeOrigin, type Provenance, provenanceValues } from './provenance.js';

/** Who created it has set the end; absent or null: permanent. */
export type NewOrgMembership = {
  userId: string;
  roleId: string;
  provenance: Provenance;
  accessExpiresAt?: Date | null;
};
export type NewWorkspaceMembership = NewOrgMembership & { workspaceId: string };
export type AddedWorkspaceMembership = Pick<WorkspaceMembership, 'id' | 'workspaceId' | 'userId' | 'roleId'>;

/** Not one whose role ends: its last holder would leave the organization without any. */
const HAS_PERMANENT_HOLDER = named('memberships_has_permanent_holder')`
  select exists (
    select from org_memberships
    where org_id = $1 and role_id = $2 and access_expires_at is null and not is_disabled
      and user_id is distinct from $3) as found`;

const END = 'access_expires_at as "accessExpiresAt", reverts_to_role_id as "revertsToRoleId"';
const IN_ORGS = `select ${entityColumns(OrgMembership)}, ${END} from current_org_memberships`;
const IN_WORKSPACES = `select ${entityColumns(WorkspaceMembership)}, ${END} from current_workspace_memberships`;

const ONE_IN_ORG = { name: 'memberships_one_in_org', text: `${IN_ORGS} where org_id = $1 and id = $2` };
const BY_USERS = { name: 'memberships_by_users', text: `${IN_ORGS} where org_id = $1 and user_id = any($2)` };
const OF_USERS = named('memberships_of_users')`${IN_ORGS} where user_id = any($1) order by created_at, id`;
const LOCKED_OF_USERS = { name: 'memberships_locked_of_users', text: `${OF_USERS.text} for share` };

const ONE_IN_WORKSPACE = named('memberships_one_in_workspace')`
  ${IN_WORKSPACES} where workspace_id = $1 and id = $2`;
const IN_WORKSPACE_BY_USERS = named('memberships_in_workspace_by_users')`
  ${IN_WORKSPACES} where workspace_id = $1 and user_id = any($2)`;
const IN_WORKSPACES_BY_USERS = named('memberships_in_workspaces_by_users')`
  ${IN_WORKSPACES} where org_id = $1 and user_id = any($2) order by created_at, id`;

/**
 * $1 ids of org memberships. The key-share lock lets the foreign key hold while a membership is being removed; in id order
 * and with skip locked, it cannot deadlock with another replica or with the removal of many members.
 */
const MARK_ACTIVE = named('member_activity_mark')`
  insert into member_activity (membership_id, last_active_at)
  select id, now() from (
    select id from org_memberships where id = any($1) order by id for key share skip locked) active
  on conflict (membership_id) do update set last_active_at = excluded.last_active_at`;

const ENDED = 'access_expires_at <= now() and reverts_to_role_id is null';
const ENDED_IN_ORG = named('memberships_ended_in_org')`
  select user_id as "userId", role_id as "roleId" from org_memberships where org_id = $1 and id = $2 and ${ENDED}`;
const ENDED_IN_WORKSPACE = named('memberships_ended_in_workspace')`
  select user_id as "userId" from workspace_memberships
  where workspace_id = $1 and id = $2 and (${ENDED} or org_access_ends_at <= now())`;

/** Whose access has ended by itself elsewhere is known there. $1: the organization; $2: users. */
const UNHELD_USERS = named('memberships_unheld_users')`
  select id from users u where id = any($2) and not exists (select from org_memberships where user_id = u.id)
    and not exists (select from ended_memberships where user_id = u.id and org_id <> $1)`;

/** Memberships of both kinds; every method is scoped by organization or workspace. What has ended is not found. */
@Injectable()
export class MembershipsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    lastUsed: LastUsedJob,
  ) {
    lastUsed.add('member_activity', MARK_ACTIVE, 60_000);
  }

  findInOrg(orgId: string, id: string): Promise<OrgMembership | null> {
    return this.sql.row<OrgMembership>(ONE_IN_ORG, [orgId, id]);
  }

  /** One that has ended and is not removed yet. */
  findEndedInOrg(orgId: string, id: string): Promise<{ userId: string; roleId: string } | null> {
    return this.sql.row(ENDED_IN_ORG, [orgId, id]);
  }

  /** One that has ended and is not removed yet. */
  findEndedInWorkspace(workspaceId: string, id: string): Promise<{ userId: string } | null> {
    return this.sql.row(ENDED_IN_WORKSPACE, [workspaceId, id]);
  }

  listByUsers(orgId: string, userIds: readonly string[]): Promise<OrgMembership[]> {
    return this.sql.rows<OrgMembership>(BY_USERS, [orgId, userIds]);
  }

  /** Those that no organization has, and none but this one knows. */
  async listUnheldUsers(orgId: string, userIds: readonly string[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(UNHELD_USERS, [orgId, userIds])).map(({ id }) => id);
  }

  findInWorkspace(workspaceId: string, id: string): Promise<WorkspaceMembership | null> {
    return this.sql.row<WorkspaceMembership>(ONE_IN_WORKSPACE, [workspaceId, id]);
  }

  listInWorkspace(workspaceId: string, userIds: readonly string[]): Promise<WorkspaceMembership[]> {
    return this.sql.rows<WorkspaceMembership>(IN_WORKSPACE_BY_USERS, [workspaceId, userIds]);
  }

  listWorkspaceMemberships(orgId: string, userIds: readonly string[]): Promise<WorkspaceMembership[]> {
    return this.sql.rows<WorkspaceMembership>(IN_WORKSPACES_BY_USERS, [orgId, userIds]);
  }

  listOrgMemberships(userIds: readonly string[]): Promise<OrgMembership[]> {
    return this.sql.rows<OrgMembership>(OF_USERS, [userIds]);
  }

  /** Locked against change and deletion until the open transaction ends. */
  lockOrgMemberships(userIds: readonly string[]): Promise<OrgMembership[]> {
    return this.sql.rows<OrgMembership>(LOCKED_OF_USERS, [userIds]);
  }

  /** Returns the users who were not members before. */
  async insertInOrg(orgId: string, rows: readonly NewOrgMembership[]): Promise<Set<string>> {
    const added = await this.sql.rows<{ user_id: string }>(changes.INSERT_IN_ORG, [
      orgId,
      newIds(rows),
      ...columnsOf(rows, 'userId', 'roleId'),
      ...provenanceValues(rows),
      ...columnsOf(rows, 'accessExpiresAt'),
    ]);
    return new Set(added.map((row) => row.user_id));
  }

  /** Returns the new rows; users who are in the workspace already are missing. */
  insertInWorkspaces(
    orgId: string,
    rows: readonly NewWorkspaceMembership[],
  ): Promise<AddedWorkspaceMembership[]> {
    return this.sql.rows<AddedWorkspaceMembership>(changes.INSERT_IN_WORKSPACES, inWorkspaces(orgId, rows));
  }

  /** A membership that exists gets the role and the source, and keeps its provenance otherwise. */
  async setInWorkspaces(orgId: string, rows: readonly NewWorkspaceMembership[]): Promise<void> {
    await this.sql.affected(changes.SET_IN_WORKSPACES, inWorkspaces(orgId, rows));
  }

  /** An existing membership keeps its provenance. */
  async upsertAdmin(orgId: string, admin: NewOrgMembership): Promise<void> {
    const { userId, roleId } = admin;
    await this.sql.affected(changes.UPSERT_ADMIN, [
      newId(),
      orgId,
      userId,
      roleId,
      ...provenanceValues([admin]),
    ]);
  }

  /** A manual change. `ownerId`: the organization or the workspace. */
  async changeRole(
    kind: changes.MembershipKind,
    { ownerId, id, roleId }: { ownerId: string; id: string; roleId: string },
    by: ChangeOrigin,
  ): Promise<void> {
    const values = [ownerId, id, roleId, by.userId, by.keyId, by.auditEntryId];
    await this.sql.affected(changes.CHANGE_ROLE[kind], values);
  }

  /** A manual change. */
  async setEnd(
    kind: changes.MembershipKind,
    { ownerId, id, accessExpiresAt, revertsToRoleId }: RoleUntil & { ownerId: string; id: string },
    by: ChangeOrigin,
  ): Promise<void> {
    const values = [ownerId, id, accessExpiresAt, revertsToRoleId, by.userId];
    await this.sql.affected(changes.SET_END[kind], values);
  }

  /** The end of the membership in the workspace from now on. Null: the role in the organization is permanent. */
  async endWithOrgRole(orgId: string, userId: string, workspaceId: string): Promise<Date | null> {
    const row = await this.sql.row<{ at: Date }>(changes.END_WITH_ORG_ROLE, [orgId, userId, workspaceId]);
    return row?.at ?? null;
  }

  /** Those that `endWithOrgRole` has ended. Returns the workspaces. */
  async endEarlierWithOrgRole(
    { orgId, userId }: Pick<OrgMembership, 'orgId' | 'userId'>,
    { from, to }: { from: Date; to: Date },
    by: ChangeOrigin,
  ): Promise<string[]> {
    const values = [orgId, userId, from, to, by.userId];
    const rows = await this.sql.rows<{ workspaceId: string }>(changes.END_EARLIER_WITH_ORG_ROLE, values);
    return rows.map(({ workspaceId }) => workspaceId);
  }

  async removeFromOrg(orgId: string, id: string): Promise<void> {
    await this.transaction.manager.delete(OrgMembership, { orgId, id });
  }

  async removeFromWorkspace(workspaceId: string, id: string): Promise<void> {
    await this.transaction.manager.delete(WorkspaceMembership, { workspaceId, id });
  }

  /** Besides this user, if one is given. */
  async hasPermanentHolder(
    orgId: string,
    roleId: string,
    exceptUserId: string | null = null,
  ): Promise<boolean> {
    const values = [orgId, roleId, exceptUserId];
    return (await this.sql.one<{ found: boolean }>(HAS_PERMANENT_HOLDER, values)).found;
  }
}

const inWorkspaces = (orgId: string, rows: readonly NewWorkspaceMembership[]): unknown[] => [
  orgId,
  newIds(rows),
  ...columnsOf(rows, 'workspaceId', 'userId', 'roleId'),
  ...provenanceValues(rows),
  ...columnsOf(rows, 'accessExpiresAt'),
];
