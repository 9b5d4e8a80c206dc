import { Injectable } from '@nestjs/common';
import {
  type OrgMembership,
  type WorkspaceMembership,
  WorkspaceMembersService,
} from '../../members/index.js';
import { type Role, RolesService } from '../../rbac/index.js';
import type { User } from '../../users/index.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import type { InviteBatch } from './invite-batch.js';
import { PendingMemberDirectory, type PendingMember } from '../core/pending-member-directory.js';
import type { WrittenInvites } from './write-invites.js';

type WorkspaceRole = { membership: WorkspaceMembership; role: Role };

/**
 * An existing member of the organization. `workspace` is the membership in the inviting workspace. `workspaces` are
 * those that may be shown: only that one, or at organization level all of them.
 */
export type ExistingMember = {
  kind: 'member';
  id: string;
  user: User;
  membership: OrgMembership;
  orgRole: Role;
  workspace: WorkspaceRole | null;
  workspaces: readonly WorkspaceRole[];
};

export type InviteOutcome =
  ({ kind: 'pending'; fromWorkspaceId: string | null } & PendingMember) | ExistingMember;

/** The results of a batch, row by row, after it was written. */
@Injectable()
export class InviteOutcomes {
  constructor(
    private readonly pending: PendingMemberDirectory,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly roles: RolesService,
  ) {}

  async list(batch: InviteBatch, context: InviteContext, written: WrittenInvites): Promise<InviteOutcome[]> {
    const pending = await this.loadPending(batch, written);
    const members = await this.loadMembers(batch, context);
    return batch.rows.map(({ email }) => members.get(email) ?? pending.get(email)!);
  }

  /** Reads only the invitations that existed before. */
  private async loadPending(
    { fromWorkspaceId }: InviteBatch,
    { created, existingIds }: WrittenInvites,
  ): Promise<Map<string, InviteOutcome>> {
    const pendingMembers = [...(await this.pending.find(existingIds)).values(), ...created];
    return new Map(
      pendingMembers.map((pendingMember) => [
        pendingMember.email,
        { kind: 'pending', fromWorkspaceId, ...pendingMember },
      ]),
    );
  }

  private async loadMembers(
    { rows, fromWorkspaceId }: InviteBatch,
    context: InviteContext,
  ): Promise<Map<string, InviteOutcome>> {
    const memberships = rows.flatMap(({ email }) => context.findMember(email) ?? []);
    if (memberships.length === 0) return new Map();
    const userIds = memberships.map(({ userId }) => userId);
    const users = new Map([...context.users.values()].map((user) => [user.id, user]));
    const memberRows = fromWorkspaceId
      ? await this.workspaceMembers.listInWorkspaces([fromWorkspaceId], userIds)
      : await this.workspaceMembers.listWorkspaceMemberships(context.org.id, userIds);
    const roleIds = new Set([...memberships, ...memberRows].map(({ roleId }) => roleId));
    const roles = await this.roles.findByIds(context.org.id, [...roleIds]);
    const workspacesByUser = Map.groupBy(
      memberRows.map((membership): WorkspaceRole => ({ membership, role: roles.get(membership.roleId)! })),
      ({ membership }) => membership.userId,
    );
    return new Map(
      memberships.map((membership) => {
        const user = users.get(membership.userId)!;
        const own = workspacesByUser.get(user.id) ?? [];
        const workspace = (fromWorkspaceId && own[0]) || null;
        const id = workspace?.membership.id ?? membership.id;
        const orgRole = roles.get(membership.roleId)!;
        return [user.email, { kind: 'member', id, user, membership, orgRole, workspace, workspaces: own }];
      }),
    );
  }
}
