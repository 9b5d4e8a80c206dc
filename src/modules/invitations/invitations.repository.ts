import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { newIds } from '../../database/new-id.js';
import { entityColumns } from '../../database/entity-columns.js';
import { Sql, type Statement } from '../../database/sql.js';
import { Transaction } from '../../database/transaction.js';
import { InvitationWorkspace } from './invitation-workspace.entity.js';
import { Invitation } from './invitation.entity.js';
import type { InvitationStatus } from './invitation-status.js';

export type NewInvitation = { email: string; fullName: string | null; orgRoleId: string };
export type Grant = { workspaceId: string; roleId: string };
type Terms = { fromWorkspace: boolean; invitedByUserId: string | null; ttlDays: number };
type Times = Pick<Invitation, 'createdAt' | 'expiresAt'>;

/** Null where invitations never expire (decision 13). */
const EXPIRY = `case when $1 = 0 then null else now() + make_interval(days => $1) end`;

/** All have the same times, so one row tells them. */
const INSERT = {
  name: 'invitations_insert',
  text: `
    with made as (
      insert into invitations (id, org_id, email, full_name, org_role_id, from_workspace, invited_by_user_id, expires_at)
      select id, $2, email, full_name, org_role_id, $3, $4, ${EXPIRY}
      from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[]) as given (id, email, full_name, org_role_id)
      returning created_at, expires_at)
    select created_at as "createdAt", expires_at as "expiresAt" from made limit 1`,
};

const RENEW = {
  name: 'invitations_renew',
  text: `update invitations set expires_at = ${EXPIRY} where org_id = $2 and id = any($3) and status = 'pending'`,
};

const ADD_GRANTS = {
  name: 'invitations_add_grants',
  text: `
    insert into invitation_workspaces (invitation_id, workspace_id, org_id, role_id)
    select invitation_id, workspace_id, $1, role_id
    from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as given (invitation_id, workspace_id, role_id)
    on conflict (invitation_id, workspace_id) do nothing`,
};

/** The first to come ends it; everybody after finds nothing. */
const END = {
  name: 'invitations_end',
  text: `
    update invitations set status = $1, ended_at = now()
    where org_id = $2 and id = any($3) and status = 'pending'`,
};

const IS_EMPTY = `
  org_id = $2 and status = 'pending' and from_workspace
  and not exists (select from invitation_workspaces w where w.invitation_id = i.id)`;

const END_EMPTY = {
  name: 'invitations_end_empty',
  text: `update invitations i set status = $1, ended_at = now() where ${IS_EMPTY}`,
};

const END_IF_EMPTY = {
  name: 'invitations_end_if_empty',
  text: `update invitations i set status = $1, ended_at = now() where id = $3 and ${IS_EMPTY}`,
};

/**
 * Five hundred addresses are looked up one by one in the unique index. Where its statistics are behind, the planner takes
 * `invitations_by_age` for as good and reads all that is pending in the organization for each address (six seconds at
 * 15,000): `offset 0` keeps the organization out of its sight. Nor is a plan kept that was made for a table of a few rows.
 */
const UNNAMED = '';

@Injectable()
export class InvitationsRepository {
  private readonly pendingByEmails: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {
    const text = `
      select i.* from unnest($2::text[]) as given (email) cross join lateral (
        select ${entityColumns(transaction.manager, Invitation)} from invitations
        where email = given.email and status = 'pending' offset 0) i
      where i."orgId" = $1`;
    this.pendingByEmails = { name: UNNAMED, text };
  }

  private get rows() {
    return this.transaction.manager.getRepository(Invitation);
  }

  private get parts() {
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

  listPendingFor(email: string): Promise<Invitation[]> {
    return this.rows.find({ where: { email, status: 'pending' }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** Oldest first. */
  listGrants(invitationIds: readonly string[]): Promise<InvitationWorkspace[]> {
    return this.parts.find({
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

  /** A workspace that an invitation names already keeps its role (decision 45). */
  async addGrants(
    orgId: string,
    invitations: readonly { id: string; grants: readonly Grant[] }[],
  ): Promise<void> {
    const added = invitations.flatMap(({ grants }) => grants);
    if (added.length === 0) return;
    await this.sql.affected(ADD_GRANTS, [
      orgId,
      invitations.flatMap(({ id, grants }) => grants.map(() => id)),
      added.map(({ workspaceId }) => workspaceId),
      added.map(({ roleId }) => roleId),
    ]);
  }

  /** How many were still pending; their parts are dropped, so that they keep no role in use. */
  async end(
    orgId: string,
    ids: readonly string[],
    status: Exclude<InvitationStatus, 'pending'>,
  ): Promise<number> {
    if (ids.length === 0) return 0;
    const ended = await this.sql.affected(END, [status, orgId, ids]);
    await this.parts.delete({ invitationId: In([...ids]) });
    return ended;
  }

  /**
   * Takes a workspace out; an invitation that workspaces had made ends with its last one (decision 14).
   * False when it does not name the workspace.
   */
  async removeGrant(
    { id, orgId }: Pick<Invitation, 'id' | 'orgId'>,
    workspaceId: string,
    status: 'declined' | 'revoked',
  ): Promise<boolean> {
    const { affected } = await this.parts.delete({ invitationId: id, workspaceId });
    await this.sql.affected(END_IF_EMPTY, [status, orgId, id]);
    return affected === 1;
  }

  /** Ends all that workspaces had made and that name no workspace any more. */
  async endEmpty(orgId: string): Promise<void> {
    await this.sql.affected(END_EMPTY, ['revoked', orgId]);
  }
}
