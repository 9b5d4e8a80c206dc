import type { PossibleGrant } from '../../rbac/index.js';
import type { ScimGroup } from './entities.js';

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

const CONVENTION =
  '"<prefix>Organization Admins" or "<prefix><organization role><separator><workspace><separator><workspace role>", ' +
  'the prefix ending with a separator';

const REASONS: Readonly<Record<ScimGroup['kind'], string>> = {
  admin: '',
  workspace: 'The workspace of its role has been deleted.',
  malformed: `Its name does not match the naming convention; a group that grants roles is called ${CONVENTION}.`,
  unknown: 'Its name contains a workspace or a workspace role that the organization does not have.',
  unconfirmed:
    'Its name got its meaning from somebody who may not give the role, for example by the name of the workspace. It ' +
    'grants the role after an Organization Admin has saved the name of the workspace ' +
    '(PATCH /api/v1/workspaces/{workspace_id}; the same name, too).',
  ambiguous: 'Its name can be read in more than one way, so it grants nothing.',
};

/** Why a group grants nothing, for administrators; null if it grants something. */
export const idleReasonOf = (group: Pick<ScimGroup, 'kind' | 'workspaceId'>): string | null =>
  grantsRoles(group) ? null : REASONS[group.kind];
