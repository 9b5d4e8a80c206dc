import type { InviteRow } from '../rights/invite-rights.js';
import type { Grant } from '../core/invitations.repository.js';

/** The requested changes; null = unchanged. `workspaceIds` is the complete new list. */
export type AmendmentInput = {
  orgRoleId: string | null;
  workspaceIds: readonly string[] | null;
  workspaceRoleId: string | null;
};

export type Amendment = {
  /** What is granted in addition, checked like a new invitation; unchanged grants are not checked. */
  requested: InviteRow;
  removedWorkspaceIds: string[];
  isEmptied: boolean;
};

/** Compares the request with the current grants: a workspace that stays keeps its role unless a role is given. */
export function planAmendment(email: string, grants: readonly Grant[], input: AmendmentInput): Amendment {
  const current = new Map(grants.map(({ workspaceId, roleId }) => [workspaceId, roleId]));
  const wanted = new Set(input.workspaceIds ?? current.keys());
  const keeps = (id: string) =>
    current.has(id) && (input.workspaceRoleId === null || input.workspaceRoleId === current.get(id));
  return {
    requested: {
      email,
      orgRoleId: input.orgRoleId,
      workspaceIds: [...wanted].filter((id) => !keeps(id)),
      workspaceRoleId: input.workspaceRoleId,
      fullName: null,
      password: null,
    },
    removedWorkspaceIds: [...current.keys()].filter((id) => !wanted.has(id)),
    isEmptied: wanted.size === 0,
  };
}
