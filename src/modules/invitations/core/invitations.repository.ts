import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { In } from 'typeorm';
import { toInstant } from '../../../common/http/operations/instant.js';
import { columnsOf } from '../../../common/collections.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import * as statements from './invitation.statements.js';
import { Invitation, type InvitationStatus, InvitationWorkspace } from './entities.js';
import { InvitationNotFound } from './invitations.errors.js';

/** An expired invitation cannot be accepted, but can be renewed. */
export type FoundInvitation = Invitation & { readonly isExpired: boolean };
/** `accessExpiresAt`: of the membership in the organization, or in the workspace if the invitation comes from one. */
export type NewInvitation = {
  email: string;
  fullName: string | null;
  orgRoleId: string;
  accessExpiresAt: Date | null;
};
export type Grant = { workspaceId: string; roleId: string; accessExpiresAt: Date | null };
/** `workspaceId` null: of the membership in the organization. */
export type OfferedEnd = { id: string; workspaceId: string | null; at: Date | null };
export type PendingGrant = Grant & { orgRoleId: string; email: string; hasEnded: boolean };
export type InvitationTimes = Pick<Invitation, 'createdAt' | 'expiresAt'>;

type InvitationGrants = { id: string; grants: readonly Grant[] };

@Injectable()
export class InvitationsRepository {
  private readonly ttlDays: number;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    { limits }: Config,
  ) {
    this.ttlDays = limits.invitationTtlDays;
  }

  /** By e-mail, including expired invitations. */
  async findPendingByEmails(orgId: string, emails: readonly string[]): Promise<Map<string, FoundInvitation>> {
    const found = await this.sql.rows<FoundInvitation>(statements.PENDING_BY_EMAILS, [orgId, emails]);
    return new Map(found.map((invitation) => [invitation.email, invitation]));
  }

  findPending(orgId: string, id: string): Promise<Invitation | null> {
    return this.transaction.manager.findOneBy(Invitation, { orgId, id, status: 'pending' });
  }

  /** Of all organizations, including expired ones; oldest first. */
  listPendingByEmail(email: string): Promise<FoundInvitation[]> {
    return this.sql.rows<FoundInvitation>(statements.PENDING_BY_EMAIL, [email]);
  }

  /** @throws InvitationNotFound */
  async getPendingGrant(
    { orgId, workspaceId }: { orgId: string; workspaceId: string },
    id: string,
  ): Promise<PendingGrant> {
    const grant = await this.sql.row<PendingGrant>(statements.PENDING_GRANT, [orgId, id, workspaceId]);
    if (!grant) throw new InvitationNotFound();
    return grant;
  }

  /** Oldest first. */
  listGrants(invitationIds: readonly string[]): Promise<InvitationWorkspace[]> {
    return this.transaction.manager.find(InvitationWorkspace, {
      where: { invitationId: In([...invitationIds]) },
      order: { createdAt: 'ASC', workspaceId: 'ASC' },
    });
  }

  /** The workspaces, oldest first, without what has ended. */
  async listOfferedWorkspaces(invitationIds: readonly string[]): Promise<string[]> {
    const rows = await this.sql.rows<{ workspaceId: string }>(statements.OFFERED_WORKSPACES, [invitationIds]);
    return rows.map(({ workspaceId }) => workspaceId);
  }

  /** The ids have to ascend in row order. Returns the times of all of them; there has to be one. */
  insert(
    orgId: string,
    rows: readonly (NewInvitation & { id: string })[],
    { fromWorkspace, invitedByUserId }: Pick<Invitation, 'fromWorkspace' | 'invitedByUserId'>,
  ): Promise<InvitationTimes> {
    return this.sql.one<InvitationTimes>(statements.INSERT, [
      this.ttlDays,
      orgId,
      fromWorkspace,
      invitedByUserId,
      ...columnsOf(rows, 'id', 'email', 'fullName', 'orgRoleId', 'accessExpiresAt'),
    ]);
  }

  /** After `insert`: the seconds until so many may be invited; null if they are not more than `perHour`. */
  async secondsOverLimit(orgId: string, perHour: number): Promise<number | null> {
    const over =
      perHour > 0 &&
      (await this.sql.row<{ seconds: number }>(statements.OVER_HOURLY_LIMIT, [orgId, perHour]));
    return over ? over.seconds : null;
  }

  /** Returns how many; one whose offer has ended is not renewed. */
  async renew(orgId: string, ids: readonly string[]): Promise<number> {
    return ids.length > 0 ? this.sql.affected(statements.RENEW, [this.ttlDays, orgId, ids]) : 0;
  }

  async renewWithRoles(orgId: string, renewed: readonly { id: string; orgRoleId: string }[]): Promise<void> {
    const values = [this.ttlDays, orgId, ...columnsOf(renewed, 'id', 'orgRoleId')];
    await this.sql.affected(statements.RENEW_AS, values);
  }

  /** Counts at most `limit` expired ones out of the seats, and returns how many. Under the roster lock. */
  countOutExpired(orgId: string, limit: number): Promise<number> {
    return this.sql.affected(statements.COUNT_OUT_EXPIRED, [orgId, limit]);
  }

  /** A workspace that is already in the invitation keeps its role. */
  async addGrants(orgId: string, invitations: readonly InvitationGrants[]): Promise<void> {
    await this.writeGrants(statements.ADD_GRANTS, orgId, invitations);
  }

  /** Replaces the role of a workspace that is already in the invitation. */
  async setGrants(orgId: string, invitations: readonly InvitationGrants[]): Promise<void> {
    await this.writeGrants(statements.SET_GRANTS, orgId, invitations);
  }

  async removeGrants(
    orgId: string,
    removed: readonly { invitationId: string; workspaceId: string }[],
  ): Promise<void> {
    if (removed.length === 0) return;
    const values = [orgId, ...columnsOf(removed, 'invitationId', 'workspaceId')];
    await this.sql.affected(statements.REMOVE_GRANTS, values);
  }

  async removeEndedGrants(orgId: string, invitations: readonly { id: string }[]): Promise<void> {
    if (invitations.length === 0) return;
    await this.sql.affected(statements.REMOVE_ENDED_GRANTS, [orgId, ...columnsOf(invitations, 'id')]);
  }

  async setEnds(orgId: string, ends: readonly OfferedEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const ids = ends.map(({ id }) => id);
    const given = [orgId, ...columnsOf(ends, 'id', 'workspaceId', 'at')];
    await awaitAll([
      this.sql.affected(statements.UNLIMIT_EXPIRY, [this.ttlDays, orgId, ids]),
      this.sql.affected(statements.SET_ORG_ENDS, given),
      this.sql.affected(statements.SET_WORKSPACE_ENDS, given),
      this.limitExpiry(orgId, ids),
    ]);
  }

  async limitExpiry(orgId: string, ids: readonly string[]): Promise<void> {
    await this.sql.affected(statements.LIMIT_EXPIRY, [orgId, ids]);
  }

  async changeOrgRole(orgId: string, id: string, orgRoleId: string): Promise<void> {
    await this.transaction.manager.update(Invitation, { orgId, id, status: 'pending' }, { orgRoleId });
  }

  /** Ends those that are still pending and returns by id what they grant now, oldest first. */
  async end(
    orgId: string,
    ids: readonly string[],
    status: Exclude<InvitationStatus, 'pending'>,
  ): Promise<Map<string, Grant[]>> {
    if (ids.length === 0) return new Map();
    const grantsById = await this.sql.rows<{ id: string; grants: StoredGrant[] }>(statements.END, [
      status,
      orgId,
      ids,
    ]);
    return new Map(grantsById.map(({ id, grants }) => [id, grants.map(toGrant)]));
  }

  /** False if it is not in the invitation (docs/contract/invitations.md#revoking-the-workspace-part). */
  async removeGrant(
    { id, orgId }: Pick<Invitation, 'id' | 'orgId'>,
    workspaceId: string,
    status: 'declined' | 'revoked',
  ): Promise<boolean> {
    const grant = { orgId, invitationId: id, workspaceId };
    const { affected } = await this.transaction.manager.delete(InvitationWorkspace, grant);
    await this.sql.affected(statements.END_IF_EMPTY, [status, orgId, id]);
    await this.limitExpiry(orgId, [id]);
    return affected === 1;
  }

  /** Those that were created at workspace level and have no workspace left. */
  async endEmpty(orgId: string): Promise<void> {
    await this.sql.affected(statements.END_EMPTY, ['revoked', orgId]);
  }

  private async writeGrants(
    statement: Statement,
    orgId: string,
    invitations: readonly InvitationGrants[],
  ): Promise<void> {
    const rows = invitations.flatMap(({ id, grants }) => grants.map((grant) => ({ ...grant, id })));
    if (rows.length === 0) return;
    const values = [orgId, ...columnsOf(rows, 'id', 'workspaceId', 'roleId', 'accessExpiresAt')];
    await this.sql.affected(statement, values);
  }
}

/** Times in JSON are text. */
type StoredGrant = Omit<Grant, 'accessExpiresAt'> & { accessExpiresAt: string | null };

const toGrant = ({ accessExpiresAt: end, ...grant }: StoredGrant): Grant => ({
  ...grant,
  accessExpiresAt: end === null ? null : toInstant(end),
});
