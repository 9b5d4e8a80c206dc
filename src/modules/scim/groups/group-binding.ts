import type { PossibleGrant } from '../../rbac/index.js';
import type { ScimGroup } from './scim-group.entity.js';

/** The grant that a group's name resolves to. */
export type GroupBinding = Pick<ScimGroup, 'kind' | 'orgRole' | 'workspaceId' | 'roleId'>;

/** The binding of a group without a role in a workspace. */
export const bindingWithoutRole = (kind: Exclude<ScimGroup['kind'], 'workspace'>): GroupBinding => ({
  kind,
  orgRole: null,
  workspaceId: null,
  roleId: null,
});

export const sameBinding = (a: GroupBinding, b: GroupBinding): boolean =>
  a.kind === b.kind && a.orgRole === b.orgRole && a.workspaceId === b.workspaceId && a.roleId === b.roleId;

/** What a group grants now. */
export function grantsOf({ kind, orgRole, workspaceId, roleId }: GroupBinding): PossibleGrant[] {
  if (kind === 'admin') return [{ kind }];
  return kind === 'workspace' && orgRole !== null ? [{ kind, orgRole, workspaceId, roleId }] : [];
}

/** A group of a deleted workspace grants nothing either. */
export const grantsRoles = ({ kind, workspaceId }: Pick<ScimGroup, 'kind' | 'workspaceId'>): boolean =>
  kind === 'admin' || (kind === 'workspace' && workspaceId !== null);
