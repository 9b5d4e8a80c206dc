import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { OrgMembersService, type OrgMembership, WorkspacePermissions } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { mayChoosePasswords, RolesService, systemRole } from '../../rbac/index.js';
import { type User, UsersService } from '../../users/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import type { Invitation } from '../core/invitation.entity.js';
import type { InviteFacts, InviteRights, InviteRow } from './invite-rights.js';
import { InvitePolicy } from './invite-policy.js';

/** Everything that is loaded to decide a batch. */
export type InviteContext = {
  org: Org;
  facts: InviteFacts;
  users: ReadonlyMap<string, User>;
  findMember: (email: string) => OrgMembership | null;
  findPending: (email: string) => Invitation | null;
  /** Whether the pending invitation had expired when the context was loaded: one answer for the whole batch. */
  isInvitationExpired: (email: string) => boolean;
  hasSeat: (email: string) => boolean;
};

/** The caller's permissions in those requested workspaces that exist in the organization. */
@Injectable()
export class InviteWorkspacePermissions {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly permissions: WorkspacePermissions,
  ) {}

  async findHeld(principal: OrgPrincipal, rows: readonly InviteRow[]) {
    const requestedIds = unique(rows.flatMap(({ workspaceIds }) => workspaceIds));
    const existing = await this.workspaces.findByIds(principal.orgId, requestedIds);
    return this.permissions.findHeld(principal, [...existing.keys()]);
  }
}

/** Loads the context of a batch under the roster lock, with one statement per table. */
@Injectable()
export class InviteContextLoader {
  constructor(
    private readonly policy: InvitePolicy,
    private readonly roles: RolesService,
    private readonly users: UsersService,
    private readonly members: OrgMembersService,
    private readonly workspacePermissions: InviteWorkspacePermissions,
    private readonly invitations: InvitationsRepository,
  ) {}

  async load(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
    origin: { rights: InviteRights; fromWorkspaceId: string | null },
  ): Promise<InviteContext> {
    const { orgId } = principal;
    const emails = unique(rows.map(({ email }) => email));
    const { org, closedReason } = await this.policy.load(principal, origin.rights);
    const users = await this.users.findByEmails(emails);
    const members = await this.members.findByUsers(
      orgId,
      [...users.values()].map(({ id }) => id),
    );
    const pending = await this.invitations.findPendingByEmails(orgId, emails);
    const pendingRows = await this.pendingRowsOf([...pending.values()]);
    const allRows = [...rows, ...pendingRows];
    const pendingRowsByEmail = Map.groupBy(pendingRows, ({ email }) => email);
    const expiredEmails = new Set(
      [...pending.values()].filter(({ isExpired }) => isExpired).map(({ email }) => email),
    );
    const findMember = (email: string) => members.get(users.get(email)?.id ?? '') ?? null;
    return {
      org,
      users,
      findMember,
      findPending: (email) => pending.get(email) ?? null,
      isInvitationExpired: (email) => expiredEmails.has(email),
      hasSeat: (email) => findMember(email) !== null || pending.has(email),
      facts: {
        ...origin,
        mayChoosePasswords: mayChoosePasswords(principal),
        closedReason,
        roles: await this.roles.findByIds(orgId, roleIdsOf(allRows)),
        heldPermissions: await this.workspacePermissions.findHeld(principal, allRows),
        isNew: (email) => !findMember(email) && (!pending.has(email) || expiredEmails.has(email)), // an expired one counts as new
        pendingRows: (email) => pendingRowsByEmail.get(email) ?? [],
        acceptsPending: () => false,
      },
    };
  }

  /** The context for a pending invitation to which nothing is added. */
  loadForInvitation(
    principal: OrgPrincipal,
    { email }: Invitation,
    rights: InviteRights,
  ): Promise<InviteContext> {
    const row = { ...EMPTY_ROW, email, orgRoleId: null };
    return this.load(principal, [row], { rights, fromWorkspaceId: null });
  }

  /** One row for the org role of each invitation, and one for each of its workspaces. */
  private async pendingRowsOf(invitations: readonly Invitation[]): Promise<InviteRow[]> {
    if (invitations.length === 0) return [];
    const grants = await this.invitations.listGrants(invitations.map(({ id }) => id));
    const grantsOf = Map.groupBy(grants, ({ invitationId }) => invitationId);
    return invitations.flatMap(({ id, email, orgRoleId }) => {
      const inOrg = { ...EMPTY_ROW, email, orgRoleId };
      const inWorkspaces = (grantsOf.get(id) ?? []).map(({ workspaceId, roleId }) => ({
        ...inOrg,
        workspaceIds: [workspaceId],
        workspaceRoleId: roleId,
      }));
      return [inOrg, ...inWorkspaces];
    });
  }
}

const EMPTY_ROW = { workspaceIds: [], workspaceRoleId: null, fullName: null, password: null };

const roleIdsOf = (rows: readonly InviteRow[]) =>
  unique([
    systemRole('ORGANIZATION_USER').id,
    systemRole('WORKSPACE_VIEWER').id,
    ...rows.flatMap(({ orgRoleId, workspaceRoleId }) =>
      [orgRoleId, workspaceRoleId].filter((id) => id !== null),
    ),
  ]);

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
