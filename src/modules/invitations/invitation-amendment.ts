import type { InviteRow } from './invite-rights.js';
import type { Grant } from './invitations.repository.js';

/** What shall be different; null = as it is. `workspaceIds` are all that shall be left. */
export type AmendmentWish = {
  orgRoleId: string | null;
  workspaceIds: readonly string[] | null;
  workspaceRoleId: string | null;
};

export type Amendment = {
  /** What is given anew, as an invitation would ask for it; the rest stays and is nobody's question. */
  given: InviteRow;
  removedWorkspaceIds: string[];
  isLeftEmpty: boolean;
};

/** A wish held against what an invitation gives today: a workspace that stays keeps its role unless one is named. */
export function amendmentOf(email: string, grants: readonly Grant[], wish: AmendmentWish): Amendment {
  const today = new Map(grants.map(({ workspaceId, roleId }) => [workspaceId, roleId]));
  const wanted = new Set(wish.workspaceIds ?? today.keys());
  const keeps = (id: string) =>
    today.has(id) && (wish.workspaceRoleId === null || wish.workspaceRoleId === today.get(id));
  return {
    given: {
      email,
      orgRoleId: wish.orgRoleId,
      workspaceIds: [...wanted].filter((id) => !keeps(id)),
      workspaceRoleId: wish.workspaceRoleId,
      fullName: null,
      password: null,
    },
    removedWorkspaceIds: [...today.keys()].filter((id) => !wanted.has(id)),
    isLeftEmpty: wanted.size === 0,
  };
}
