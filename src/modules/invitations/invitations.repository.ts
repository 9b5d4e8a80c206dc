import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { entityColumns } from '../../database/entity-columns.js';
import { Sql, type Statement } from '../../database/sql.js';
import { Transaction } from '../../database/transaction.js';
import { InvitationWorkspace } from './invitation-workspace.entity.js';
import { Invitation } from './invitation.entity.js';
import type { InvitationStatus } from './invitation-status.js';

export type NewInvitation = { email: string; fullName: string | null; orgRoleId: string };
export type Grant = { workspaceId: string; roleId: string };
type Terms = { fromWorkspace: boolean; invitedByUserId: string | null; ttlDays: number };

/** Null where invitations never expire (decision 13). */
const EXPIRY = `case when $1 = 0 then null else now() + make_interval(days => $1) end`;

const INSERT = {
  name: 'invitations_insert',
  text: `
    insert into invitations (id, org_id, email, full_name, org_role_id, from_workspace, invited_by_user_id, expires_at)
    select id, $2, email, full_name, org_role_id, $3, $4, ${EXPIRY}
    from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[]) as given (id, email, full_name, org_role_id)`,
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

const SET_GRANTS = {
  name: 'invitations_set_grants',
  text: ADD_GRANTS.text.replace('do nothing', 'do update set role_id = excluded.role_id'),
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

@Injectable()
export class InvitationsRepository {
  private readonly pendingByEmails: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {
    // One look at the unique index per address: planned as a set, five hundred addresses read all that are pending.
    const text = `
      select i.* from unnest($2::text[]) as given (email) cross join lateral (
        select ${entityColumns(transaction.manager, Invitation)} from invitations
        where org_id = $1 and email = given.email and status = 'pending' limit 1) i`;
    this.pendingByEmails = { name: 'invitations_pending_by_emails', text };
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

  /** The ids, in the order of the rows. */
  async insert(orgId: string, rows: readonly NewInvitation[], terms: Terms): Promise<string[]> {
    const ids = rows.map(() => newId());
    await this.sql.affected(INSERT, [
      terms.ttlDays,
      orgId,
      terms.fromWorkspace,
      terms.invitedByUserId,
      ids,
      rows.map(({ email }) => email),
      rows.map(({ fullName }) => fullName),
      rows.map(({ orgRoleId }) => orgRoleId),
    ]);
    return ids;
  }

  async renew(orgId: string, ids: readonly string[], ttlDays: number): Promise<void> {
    if (ids.length > 0) await this.sql.affected(RENEW, [ttlDays, orgId, ids]);
  }

  /** A workspace that an invitation names already keeps its role (decision 45). */
  async addGrants(orgId: string, grants: readonly (Grant & { invitationId: string })[]): Promise<void> {
    if (grants.length > 0) await this.sql.affected(ADD_GRANTS, grantColumns(orgId, grants));
  }

  /** With this role in each, whatever it was before. */
  async setGrants(orgId: string, grants: readonly (Grant & { invitationId: string })[]): Promise<void> {
    if (grants.length > 0) await this.sql.affected(SET_GRANTS, grantColumns(orgId, grants));
  }

  async removeGrants(invitationId: string, workspaceIds: readonly string[]): Promise<void> {
    await this.parts.delete({ invitationId, workspaceId: In([...workspaceIds]) });
  }

  /** Of one that is pending. */
  async changeOrgRole(orgId: string, id: string, orgRoleId: string): Promise<void> {
    await this.rows.update({ orgId, id, status: 'pending' }, { orgRoleId });
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

const grantColumns = (orgId: string, grants: readonly (Grant & { invitationId: string })[]) => [
  orgId,
  grants.map(({ invitationId }) => invitationId),
  grants.map(({ workspaceId }) => workspaceId),
  grants.map(({ roleId }) => roleId),
];
