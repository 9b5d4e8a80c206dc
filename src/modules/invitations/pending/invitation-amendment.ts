import type { AccessChange } from '../../../common/access/access-limits.js';
import { type InviteRow, workspaceRoleOf } from '../rights/invite-rights.js';
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
  /** What changes in each workspace. */
  changes: readonly AccessChange[];
  removedWorkspaceIds: string[];
  isEmptied: boolean;
};

/** Compares the request with the current grants: a workspace that stays keeps its role unless a role is given. */
export function planAmendment(email: string, grants: readonly Grant[], input: AmendmentInput): Amendment {
  const current = new Map(grants.map(({ workspaceId, roleId }) => [workspaceId, roleId]));
  const wanted = new Set(input.workspaceIds ?? current.keys());
  const keeps = (id: string) =>
    current.has(id) && (input.workspaceRoleId === null || input.workspaceRoleId === current.get(id));
  const requested = {
    email,
    orgRoleId: input.orgRoleId,
    workspaceIds: [...wanted].filter((id) => !keeps(id)),
    workspaceRoleId: input.workspaceRoleId,
    fullName: null,
    password: null,
  };
  const removedWorkspaceIds = [...current.keys()].filter((id) => !wanted.has(id));
  const change = (workspaceId: string, roleId: string | null) => ({
    subject: { roleId: current.get(workspaceId) ?? null, name: email },
    workspaceId,
    roleId,
  });
  return {
    requested,
    removedWorkspaceIds,
    changes: [
      ...requested.workspaceIds.map((id) => change(id, workspaceRoleOf(requested))),
      ...removedWorkspaceIds.map((id) => change(id, null)),
    ],
    isEmptied: wanted.size === 0,
  };
}
