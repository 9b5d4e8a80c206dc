import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { In } from 'typeorm';
import { toInstant } from '../../../common/http/operations/instant.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import {
  ADD_GRANTS,
  COUNT_OUT_EXPIRED,
  REMOVE_GRANTS,
  END,
  END_EMPTY,
  END_IF_EMPTY,
  INSERT,
  LIMIT_EXPIRY,
  OFFERED_WORKSPACES,
  OVER_HOURLY_LIMIT,
  PENDING_GRANT,
  PENDING_BY_EMAIL,
  PENDING_BY_EMAILS,
  RENEW,
  RENEW_AS,
  REMOVE_ENDED_GRANTS,
  SET_GRANTS,
  SET_ORG_ENDS,
  SET_WORKSPACE_ENDS,
  UNLIMIT_EXPIRY,
} from './invitation.statements.js';
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
type Terms = { fromWorkspace: boolean; invitedByUserId: string | null };
export type InvitationTimes = Pick<Invitation, 'createdAt' | 'expiresAt'>;

/** The workspace grants of an invitation. */
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

  private get rows() {
    return this.transaction.manager.getRepository(Invitation);
  }

  private get grantRows() {
    return this.transaction.manager.getRepository(InvitationWorkspace);
  }

  /** By e-mail, including expired invitations. */
  async findPendingByEmails(orgId: string, emails: readonly string[]): Promise<Map<string, FoundInvitation>> {
    const found = await this.sql.rows<FoundInvitation>(PENDING_BY_EMAILS, [orgId, emails]);
    return new Map(found.map((invitation) => [invitation.email, invitation]));
  }

  findPending(orgId: string, id: string): Promise<Invitation | null> {
    return this.rows.findOneBy({ orgId, id, status: 'pending' });
  }

  /** Of all organizations, including expired ones; oldest first. */
  listPendingByEmail(email: string): Promise<FoundInvitation[]> {
    return this.sql.rows<FoundInvitation>(PENDING_BY_EMAIL, [email]);
  }

  /**
   * The grant of a pending invitation in this workspace.
   *
   * @throws InvitationNotFound
   */
  async getPendingGrant(
    { orgId, workspaceId }: { orgId: string; workspaceId: string },
    id: string,
  ): Promise<PendingGrant> {
    const grant = await this.sql.row<PendingGrant>(PENDING_GRANT, [orgId, id, workspaceId]);
    if (!grant) throw new InvitationNotFound();
    return grant;
  }

  /** Oldest first. */
  listGrants(invitationIds: readonly string[]): Promise<InvitationWorkspace[]> {
    return this.grantRows.find({
      where: { invitationId: In([...invitationIds]) },
      order: { createdAt: 'ASC', workspaceId: 'ASC' },
    });
  }

  /** The workspaces, oldest first, without what has ended. */
  async listOfferedWorkspaces(invitationIds: readonly string[]): Promise<string[]> {
    const rows = await this.sql.rows<{ workspaceId: string }>(OFFERED_WORKSPACES, [invitationIds]);
    return rows.map(({ workspaceId }) => workspaceId);
  }

  /** The ids have to ascend in row order. Returns the times of all of them; null if there are no rows. */
  insert(
    orgId: string,
    rows: readonly (NewInvitation & { id: string })[],
    terms: Terms,
  ): Promise<InvitationTimes | null> {
    return this.sql.row<InvitationTimes>(INSERT, [
      this.ttlDays,
      orgId,
      terms.fromWorkspace,
      terms.invitedByUserId,
      rows.map(({ id }) => id),
      rows.map(({ email }) => email),
      rows.map(({ fullName }) => fullName),
      rows.map(({ orgRoleId }) => orgRoleId),
      rows.map(({ accessExpiresAt }) => accessExpiresAt),
    ]);
  }

  /** After `insert`: the seconds until so many may be invited; null if they are not more than `perHour`. */
  async secondsOverLimit(orgId: string, perHour: number): Promise<number | null> {
    const over =
      perHour > 0 && (await this.sql.row<{ seconds: number }>(OVER_HOURLY_LIMIT, [orgId, perHour]));
    return over ? over.seconds : null;
  }

  /** Returns how many; one whose offer has ended is not renewed. */
  async renew(orgId: string, ids: readonly string[]): Promise<number> {
    return ids.length > 0 ? this.sql.affected(RENEW, [this.ttlDays, orgId, ids]) : 0;
  }

  async renewWithRoles(orgId: string, renewed: readonly { id: string; orgRoleId: string }[]): Promise<void> {
    const ids = renewed.map(({ id }) => id);
    await this.sql.affected(RENEW_AS, [this.ttlDays, orgId, ids, renewed.map(({ orgRoleId }) => orgRoleId)]);
  }

  /**
   * Counts expired invitations of the organization out of its seats, at most `limit`, and returns how many. The caller
   * holds the roster lock.
   */
  countOutExpired(orgId: string, limit: number): Promise<number> {
    return this.sql.affected(COUNT_OUT_EXPIRED, [orgId, limit]);
  }

  /** A workspace that is already in the invitation keeps its role. */
  async addGrants(orgId: string, invitations: readonly InvitationGrants[]): Promise<void> {
    await this.writeGrants(ADD_GRANTS, orgId, invitations);
  }

  /** Replaces the role of a workspace that is already in the invitation. */
  async setGrants(orgId: string, invitations: readonly InvitationGrants[]): Promise<void> {
    await this.writeGrants(SET_GRANTS, orgId, invitations);
  }

  async removeGrants(
    orgId: string,
    removed: readonly { invitationId: string; workspaceId: string }[],
  ): Promise<void> {
    if (removed.length === 0) return;
    await this.sql.affected(REMOVE_GRANTS, [
      orgId,
      removed.map(({ invitationId }) => invitationId),
      removed.map(({ workspaceId }) => workspaceId),
    ]);
  }

  async removeEndedGrants(orgId: string, ids: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_ENDED_GRANTS, [orgId, ids]);
  }

  async setEnds(orgId: string, ends: readonly OfferedEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const ids = ends.map(({ id }) => id);
    const given = [orgId, ids, ends.map(({ workspaceId }) => workspaceId), ends.map(({ at }) => at)];
    await awaitAll([
      this.sql.affected(UNLIMIT_EXPIRY, [this.ttlDays, orgId, ids]),
      this.sql.affected(SET_ORG_ENDS, given),
      this.sql.affected(SET_WORKSPACE_ENDS, given),
      this.limitExpiry(orgId, ids),
    ]);
  }

  /** An offer expires when all that it gives has ended. */
  async limitExpiry(orgId: string, ids: readonly string[]): Promise<void> {
    await this.sql.affected(LIMIT_EXPIRY, [orgId, ids]);
  }

  /** Changes pending invitations only. */
  async changeOrgRole(orgId: string, id: string, orgRoleId: string): Promise<void> {
    await this.rows.update({ orgId, id, status: 'pending' }, { orgRoleId });
  }

  /**
   * Ends those that are still pending and returns by id what they grant now, oldest first. Grants are deleted, so that
   * ended invitations do not keep a role in use.
   */
  async end(
    orgId: string,
    ids: readonly string[],
    status: Exclude<InvitationStatus, 'pending'>,
  ): Promise<Map<string, Grant[]>> {
    if (ids.length === 0) return new Map();
    const grantsById = await this.sql.rows<{ id: string; grants: StoredGrant[] }>(END, [status, orgId, ids]);
    return new Map(grantsById.map(({ id, grants }) => [id, grants.map(toGrant)]));
  }

  /**
   * Removes a workspace; an invitation created at workspace level ends with its last one
   * (docs/contract/invitations.md#revoking-the-workspace-part). Returns false if the workspace is not in the
   * invitation.
   */
  async removeGrant(
    { id, orgId }: Pick<Invitation, 'id' | 'orgId'>,
    workspaceId: string,
    status: 'declined' | 'revoked',
  ): Promise<boolean> {
    const { affected } = await this.grantRows.delete({ orgId, invitationId: id, workspaceId });
    await this.sql.affected(END_IF_EMPTY, [status, orgId, id]);
    await this.limitExpiry(orgId, [id]);
    return affected === 1;
  }

  /** Ends all invitations that were created at workspace level and have no workspace left. */
  async endEmpty(orgId: string): Promise<void> {
    await this.sql.affected(END_EMPTY, ['revoked', orgId]);
  }

  private async writeGrants(
    statement: Statement,
    orgId: string,
    invitations: readonly InvitationGrants[],
  ): Promise<void> {
    const grants = invitations.flatMap((invitation) => invitation.grants);
    if (grants.length === 0) return;
    await this.sql.affected(statement, [
      orgId,
      invitations.flatMap((invitation) => invitation.grants.map(() => invitation.id)),
      grants.map(({ workspaceId }) => workspaceId),
      grants.map(({ roleId }) => roleId),
      grants.map(({ accessExpiresAt }) => accessExpiresAt),
    ]);
  }
}

/** Times in JSON are text. */
type StoredGrant = Omit<Grant, 'accessExpiresAt'> & { accessExpiresAt: string | null };

const toGrant = ({ accessExpiresAt: end, ...grant }: StoredGrant): Grant => ({
  ...grant,
  accessExpiresAt: end === null ? null : toInstant(end),
});
