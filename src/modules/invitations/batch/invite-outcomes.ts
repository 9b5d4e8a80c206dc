import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import {
  type OrgMembership,
  type WorkspaceMembership,
  WorkspaceMembersService,
} from '../../members/index.js';
import { type Role, RolesService } from '../../roles/index.js';
import type { User } from '../../users/index.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import { PendingMemberDirectory, type PendingMember } from '../core/pending-member-directory.read-model.js';
import type { InviteBatch, WrittenInvites } from './write-invites.js';

type WorkspaceRole = { membership: WorkspaceMembership; role: Role };

/** `workspace`: the membership in the inviting one. `workspaces`: only that, or all if the organization invites. */
export type ExistingMember = {
  kind: 'member';
  id: string;
  user: User;
  membership: OrgMembership;
  orgRole: Role;
  workspace: WorkspaceRole | null;
  workspaces: readonly WorkspaceRole[];
};

export type InviteOutcome = (
  ({ kind: 'pending'; fromWorkspaceId: string | null } & PendingMember) | ExistingMember
) & { requestedEnd: Date | null | undefined };

@Injectable()
export class InviteOutcomes {
  constructor(
    private readonly pending: PendingMemberDirectory,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly roles: RolesService,
  ) {}

  /** Only the invitations that existed before are read. */
  async list(batch: InviteBatch, context: InviteContext, written: WrittenInvites): Promise<InviteOutcome[]> {
    const { rows, fromWorkspaceId } = batch;
    const pending = [...(await this.pending.find(written.existingIds)).values(), ...written.created];
    const pendingByEmail = new Map(pending.map((invited) => [invited.email, invited]));
    const members = await this.loadMembers(batch, context);
    return rows.map(({ email, accessExpiresAt: requestedEnd }) => {
      const member = members.get(email);
      if (member) return { ...member, requestedEnd };
      return { kind: 'pending', fromWorkspaceId, ...getOrThrow(pendingByEmail, email), requestedEnd };
    });
  }

  private async loadMembers(
    { rows, fromWorkspaceId }: InviteBatch,
    context: InviteContext,
  ): Promise<Map<string, ExistingMember>> {
    const members = rows.flatMap(({ email }) => context.members.get(email) ?? []);
    if (members.length === 0) return new Map();
    const userIds = members.map(({ user }) => user.id);
    const memberRows = fromWorkspaceId
      ? await this.workspaceMembers.listInWorkspace(fromWorkspaceId, userIds)
      : await this.workspaceMembers.listWorkspaceMemberships(context.org.id, userIds);
    const memberships = [...members.map(({ membership }) => membership), ...memberRows];
    const roleIds = new Set(memberships.map(({ roleId }) => roleId));
    const roles = await this.roles.findByIds(context.org.id, [...roleIds]);
    const workspacesByUser = Map.groupBy(
      memberRows.map((membership): WorkspaceRole => ({
        membership,
        role: getOrThrow(roles, membership.roleId),
      })),
      ({ membership }) => membership.userId,
    );
    return new Map(
      members.map(({ user, membership }) => {
        const own = workspacesByUser.get(user.id) ?? [];
        const workspace = (fromWorkspaceId && own[0]) || null;
        const id = workspace?.membership.id ?? membership.id;
        const orgRole = getOrThrow(roles, membership.roleId);
        return [user.email, { kind: 'member', id, user, membership, orgRole, workspace, workspaces: own }];
      }),
    );
  }
}
