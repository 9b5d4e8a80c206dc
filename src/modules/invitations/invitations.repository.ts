import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { newIds } from '../../database/new-id.js';
import { entityColumns } from '../../database/entity-columns.js';
import { Sql, type Statement } from '../../database/sql.js';
import { Transaction } from '../../database/transaction.js';
import {
  ADD_GRANTS,
  REMOVE_GRANTS,
  END,
  END_EMPTY,
  END_IF_EMPTY,
  INSERT,
  PENDING_GRANT,
  pendingByEmails,
  RENEW,
  RENEW_AS,
  SET_GRANTS,
} from './invitation.statements.js';
import { InvitationWorkspace } from './invitation-workspace.entity.js';
import { Invitation } from './invitation.entity.js';
import type { InvitationStatus } from './invitation-status.js';
import { InvitationNotFound } from './invitations.errors.js';

export type NewInvitation = { email: string; fullName: string | null; orgRoleId: string };
export type Grant = { workspaceId: string; roleId: string };
type PendingGrant = Grant & { orgRoleId: string };
type Terms = { fromWorkspace: boolean; invitedByUserId: string | null; ttlDays: number };
type Times = Pick<Invitation, 'createdAt' | 'expiresAt'>;

/** What an invitation gives in workspaces. */
type InvitationGrants = { id: string; grants: readonly Grant[] };

@Injectable()
export class InvitationsRepository {
  private readonly pendingByEmails: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {
    this.pendingByEmails = pendingByEmails(entityColumns(transaction.manager, Invitation));
  }

  private get rows() {
    return this.transaction.manager.getRepository(Invitation);
  }

  private get grantRows() {
    return this.transaction.manager.getRepository(InvitationWorkspace);
  }

  /** By e-mail; expired ones included. */
  async findPendingByEmails(orgId: string, emails: readonly string[]): Promise<Map<string, Invitation>> {
    const found = await this.sql.rows<Invitation>(this.pendingByEmails, [orgId, emails]);
    return new Map(found.map((invitation) => [invitation.email, invitation]));
  }

  findPending(orgId: string, id: string): Promise<Invitation | null> {
    return this.rows.findOneBy({ orgId, id, status: 'pending' });
  }

  listPendingByEmail(email: string): Promise<Invitation[]> {
    return this.rows.find({ where: { email, status: 'pending' }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** What one that is pending gives in this workspace. Throws InvitationNotFound. */
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

  /** At least one; the ids are in the order of the rows. */
  async insert(
    orgId: string,
    rows: readonly NewInvitation[],
    terms: Terms,
  ): Promise<Times & { ids: string[] }> {
    const ids = newIds(rows);
    const times = await this.sql.row<Times>(INSERT, [
      terms.ttlDays,
      orgId,
      terms.fromWorkspace,
      terms.invitedByUserId,
      ids,
      rows.map(({ email }) => email),
      rows.map(({ fullName }) => fullName),
      rows.map(({ orgRoleId }) => orgRoleId),
    ]);
    return { ids, ...times! };
  }

  async renew(orgId: string, ids: readonly string[], ttlDays: number): Promise<void> {
    if (ids.length > 0) await this.sql.affected(RENEW, [ttlDays, orgId, ids]);
  }

  async renewWithRoles(
    orgId: string,
    renewed: readonly { id: string; orgRoleId: string }[],
    ttlDays: number,
  ): Promise<void> {
    const ids = renewed.map(({ id }) => id);
    await this.sql.affected(RENEW_AS, [ttlDays, orgId, ids, renewed.map(({ orgRoleId }) => orgRoleId)]);
  }

  /** A workspace that an invitation names already keeps its role (contract decision 45). */
  async addGrants(orgId: string, invitations: readonly InvitationGrants[]): Promise<void> {
    await this.writeGrants(ADD_GRANTS, orgId, invitations);
  }

  /** With this role in each, whatever it was before. */
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

  /** Of one that is pending. */
  async changeOrgRole(orgId: string, id: string, orgRoleId: string): Promise<void> {
    await this.rows.update({ orgId, id, status: 'pending' }, { orgRoleId });
  }

  /**
   * What those that were still pending gave, by id, each one's oldest first. It is taken out of them, so that they keep no
   * role in use.
   */
  async end(
    orgId: string,
    ids: readonly string[],
    status: Exclude<InvitationStatus, 'pending'>,
  ): Promise<Map<string, Grant[]>> {
    if (ids.length === 0) return new Map();
    const grantsById = await this.sql.rows<{ id: string; grants: Grant[] }>(END, [status, orgId, ids]);
    return new Map(grantsById.map(({ id, grants }) => [id, grants]));
  }

  /**
   * Takes a workspace out; an invitation that workspaces had made ends with its last one (contract decision 14).
   * False when it does not name the workspace.
   */
  async removeGrant(
    { id, orgId }: Pick<Invitation, 'id' | 'orgId'>,
    workspaceId: string,
    status: 'declined' | 'revoked',
  ): Promise<boolean> {
    const { affected } = await this.grantRows.delete({ orgId, invitationId: id, workspaceId });
    await this.sql.affected(END_IF_EMPTY, [status, orgId, id]);
    return affected === 1;
  }

  /** Ends all that workspaces had made and that name no workspace any more. */
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
    ]);
  }
}
