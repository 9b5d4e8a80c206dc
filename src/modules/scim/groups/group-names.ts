import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { Config } from '../../../config/config.js';
import { OrgsRepository } from '../../orgs/index.js';
import {
  type GroupNameMeaning,
  GroupNameResolver,
  type PossibleGrant,
  possibleGrants,
  RolesService,
  systemRole,
} from '../../roles/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { TokenMayNotWriteGroup } from '../tokens/errors.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import type { GroupKind, ScimGroup } from './entities.js';
import { combineRoles, type GrantingGroup } from '../roles/group-roles.js';

export type GroupBinding = Pick<ScimGroup, 'kind' | 'orgRole' | 'workspaceId' | 'roleId'>;

export const bindingWithoutRole = (kind: Exclude<GroupKind, 'workspace'>): GroupBinding => ({
  kind,
  orgRole: null,
  workspaceId: null,
  roleId: null,
});

export const sameBinding = (a: GroupBinding, b: GroupBinding): boolean =>
  a.kind === b.kind && a.orgRole === b.orgRole && a.workspaceId === b.workspaceId && a.roleId === b.roleId;

/** A group of a deleted workspace grants nothing either. */
export const grantsRoles = (group: Pick<ScimGroup, 'kind' | 'workspaceId'>): boolean =>
  idleCodeOf(group) === null;

export const orgRoleOf = ({ kind, orgRole }: Pick<ScimGroup, 'kind' | 'orgRole'>): string | null => {
  const name = kind === 'admin' ? 'ORGANIZATION_ADMIN' : orgRole;
  return name && systemRole(name).displayName;
};

/** What groups with these names would grant, one by one and together. */
export type GroupsPreview = Awaited<ReturnType<GroupNames['preview']>>;

type IdleCode = Exclude<GroupKind, 'admin' | 'workspace'> | 'workspace_deleted';

/** Why a group grants nothing, for programs; null if it grants something. */
export function idleCodeOf({ kind, workspaceId }: Pick<ScimGroup, 'kind' | 'workspaceId'>): IdleCode | null {
  if (kind === 'admin') return null;
  if (kind !== 'workspace') return kind;
  return workspaceId === null ? 'workspace_deleted' : null;
}

/** `idleCodeOf` for administrators. */
export function idleReasonOf(group: Pick<ScimGroup, 'kind' | 'workspaceId'>): string | null {
  const code = idleCodeOf(group);
  return code && REASONS[code];
}

const CONVENTION =
  '"<prefix>Organization Admins" or "<prefix><organization role><separator><workspace><separator><workspace role>", ' +
  'the prefix ending with a separator';

const REASONS: Readonly<Record<IdleCode, string>> = {
  workspace_deleted: 'The workspace of its role has been deleted.',
  malformed: `Its name does not match the naming convention; a group that grants roles is called ${CONVENTION}.`,
  unknown: 'Its name contains a workspace or a workspace role that the organization does not have.',
  unconfirmed:
    'Its name got its meaning from somebody who may not give the role, for example by the name of the workspace. It ' +
    'grants the role after an Organization Admin has saved the name of the workspace ' +
    '(PATCH /api/v1/workspaces/{workspace_id}; the same name, too).',
  ambiguous: 'Its name can be read in more than one way, so it grants nothing.',
};

@Injectable()
export class GroupNames {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly tokenScope: ScimTokenScope,
    private readonly config: Config,
  ) {}

  /** What each name grants; loads the workspaces and roles once. */
  async load(orgId: string): Promise<(name: string) => GroupBinding> {
    const { scimGroupNameSeparator } = await this.orgs.get(orgId);
    const resolver = new GroupNameResolver(await this.targetsIn(orgId), scimGroupNameSeparator);
    return (name) => toBinding(resolver.resolve(name));
  }

  /** What groups with these names, oldest first, would grant; nothing is created. */
  async preview(orgId: string, names: readonly string[]) {
    const bindingOf = await this.load(orgId);
    const groups = names.map((name) => ({ name, binding: bindingOf(name) }));
    const granting = groups.map(({ binding }) => binding).filter(isGranting);
    const named = [...(await this.workspaces.listByOrg(orgId)), ...(await this.roles.listForOrg(orgId))];
    return {
      groups,
      together: combineRoles(granting.toReversed()),
      names: new Map(named.map(({ id, displayName }) => [id, displayName])),
    };
  }

  /**
   * The token of an operator may not give a group a name that grants, or could grant with another separator or workspace, more than
   * its creator may grant: the group would also block the name for other tokens (docs/contract/scim.md#tokens). Callers hold the
   * roster lock. @throws TokenMayNotWriteGroup
   */
  async assertMayName(principal: ScimPrincipal, name: string): Promise<void> {
    if (principal.makesAdmins) return;
    const { scimGroupNameSeparator } = await this.orgs.get(principal.orgId);
    const separators = [scimGroupNameSeparator, ...this.config.groupNameSeparators];
    const grants = possibleGrants(name, separators, await this.targetsIn(principal.orgId));
    if (!(await this.tokenScope.mayGiveAll(principal, grants))) throw new TokenMayNotWriteGroup();
  }

  /** `assertMayName` for an existing group, whose binding may differ from its name. @throws TokenMayNotWriteGroup */
  async assertMayChange(principal: ScimPrincipal, group: ScimGroup): Promise<void> {
    if (!(await this.tokenScope.mayGiveAll(principal, grantsOf(group)))) throw new TokenMayNotWriteGroup();
    await this.assertMayName(principal, group.displayName);
  }

  private async targetsIn(orgId: string) {
    const workspaces = await this.workspaces.listByOrg(orgId);
    const roles = await this.roles.listForOrg(orgId);
    return { workspaces, roles: roles.filter(({ accessScope }) => accessScope === 'workspace') };
  }
}

const toBinding = (meaning: GroupNameMeaning): GroupBinding =>
  meaning.kind === 'workspace' ? meaning : bindingWithoutRole(meaning.kind);

const isGranting = (binding: GroupBinding): binding is GroupBinding & GrantingGroup =>
  binding.kind === 'admin' || binding.kind === 'workspace';

function grantsOf({ kind, orgRole, workspaceId, roleId }: GroupBinding): PossibleGrant[] {
  if (kind === 'admin') return [{ kind }];
  return kind === 'workspace' && orgRole !== null ? [{ kind, orgRole, workspaceId, roleId }] : [];
}
