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

type Outcome = ({ kind: 'pending'; fromWorkspaceId: string | null } & PendingMember) | ExistingMember;
export type InviteOutcome = Outcome & { requestedEnd: Date | null | undefined };

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
    return batch.rows.map(({ email, accessExpiresAt }) => ({
      ...(members.get(email) ?? getOrThrow(pending, email)),
      requestedEnd: accessExpiresAt,
    }));
  }

  /** Reads only the invitations that existed before. */
  private async loadPending(
    { fromWorkspaceId }: InviteBatch,
    { created, existingIds }: WrittenInvites,
  ): Promise<Map<string, Outcome>> {
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
  ): Promise<Map<string, Outcome>> {
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
