import type { InviteRow } from './invite-rights.js';
import type { Grant } from './invitations.repository.js';

/** What shall be different; null = as it is. `workspaceIds` are all that shall be left. */
export type AmendmentInput = {
  orgRoleId: string | null;
  workspaceIds: readonly string[] | null;
  workspaceRoleId: string | null;
};

export type Amendment = {
  /** What is given anew, as an invitation would ask for it; the rest stays and is nobody's question. */
  requested: InviteRow;
  removedWorkspaceIds: string[];
  isEmptied: boolean;
};

/** A wish held against what an invitation gives today: a workspace that stays keeps its role unless one is named. */
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
