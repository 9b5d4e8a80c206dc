import { Injectable } from '@nestjs/common';
import { type OrgMembership, type WorkspaceMembership, WorkspaceMembersService } from '../members/index.js';
import { type Role, RolesService } from '../rbac/index.js';
import type { User } from '../users/index.js';
import type { Census } from './invite-census.js';
import type { InviteBatch } from './invite-batch.js';
import { PendingDirectory, type PendingPerson } from './pending-directory.js';
import type { Written } from './write-invites.js';

type Place = { membership: WorkspaceMembership; role: Role };

/**
 * Somebody who was a member of the organization already. `place` is his row in the workspace that invited, `places` are
 * all that may be shown: that one, or at organization level every workspace of his.
 */
export type PresentMember = {
  kind: 'member';
  id: string;
  user: User;
  membership: OrgMembership;
  orgRole: Role;
  place: Place | null;
  places: readonly Place[];
};

export type Invited = ({ kind: 'pending'; fromWorkspaceId: string | null } & PendingPerson) | PresentMember;

/** What a batch led to, row by row, after writing. */
@Injectable()
export class InviteOutcomes {
  constructor(
    private readonly pending: PendingDirectory,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly roles: RolesService,
  ) {}

  async list(batch: InviteBatch, census: Census, written: Written): Promise<Invited[]> {
    const waiting = await this.waiting(batch, written);
    const present = await this.present(batch, census);
    return batch.rows.map(({ email }) => present.get(email) ?? waiting.get(email)!);
  }

  /** Reads what waited before. */
  private async waiting(
    { fromWorkspaceId }: InviteBatch,
    { made, waitingIds }: Written,
  ): Promise<Map<string, Invited>> {
    const people = [...(await this.pending.find(waitingIds)).values(), ...made];
    return new Map(people.map((person) => [person.email, { kind: 'pending', fromWorkspaceId, ...person }]));
  }

  private async present(
    { rows, fromWorkspaceId }: InviteBatch,
    census: Census,
  ): Promise<Map<string, Invited>> {
    const memberships = rows.flatMap(({ email }) => census.memberOf(email) ?? []);
    if (memberships.length === 0) return new Map();
    const userIds = memberships.map(({ userId }) => userId);
    const users = new Map([...census.users.values()].map((user) => [user.id, user]));
    const places = fromWorkspaceId
      ? await this.workspaceMembers.listIn([fromWorkspaceId], userIds)
      : await this.workspaceMembers.listWorkspacesOf(census.org.id, userIds);
    const roleIds = new Set([...memberships, ...places].map(({ roleId }) => roleId));
    const roles = await this.roles.findByIds(census.org.id, [...roleIds]);
    const placesOf = Map.groupBy(
      places.map((membership): Place => ({ membership, role: roles.get(membership.roleId)! })),
      ({ membership }) => membership.userId,
    );
    return new Map(
      memberships.map((membership) => {
        const user = users.get(membership.userId)!;
        const own = placesOf.get(user.id) ?? [];
        const place = (fromWorkspaceId && own[0]) || null;
        const id = place?.membership.id ?? membership.id;
        const orgRole = roles.get(membership.roleId)!;
        return [user.email, { kind: 'member', id, user, membership, orgRole, place, places: own }];
      }),
    );
  }
}
