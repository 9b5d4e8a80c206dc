import { Injectable } from '@nestjs/common';
import { type Org } from '../../orgs/index.js';
import { type GroupMeaning, GroupMeanings, RolesService } from '../../rbac/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import type { ScimGroup } from './scim-group.entity.js';

/** What the name of a group is bound to. */
export type GroupBinding = Pick<ScimGroup, 'kind' | 'orgRole' | 'workspaceId' | 'roleId'>;

/** Reads names of groups against the workspaces and roles that the organization has now. */
@Injectable()
export class GroupNames {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
  ) {}

  /** In the order of the names. */
  async read({ id, scimGroupNameSeparator }: Org, names: readonly string[]): Promise<GroupBinding[]> {
    const workspaces = await this.workspaces.listByOrg(id);
    const roles = (await this.roles.listForOrg(id)).filter(({ accessScope }) => accessScope === 'workspace');
    const meanings = new GroupMeanings({ workspaces, roles }, scimGroupNameSeparator);
    return names.map((name) => bindingOf(meanings.of(name)));
  }
}

const bindingOf = (meaning: GroupMeaning): GroupBinding =>
  meaning.kind === 'workspace'
    ? meaning
    : { kind: meaning.kind, orgRole: null, workspaceId: null, roleId: null };

export const sameBinding = (one: GroupBinding, other: GroupBinding): boolean =>
  one.kind === other.kind &&
  one.orgRole === other.orgRole &&
  one.workspaceId === other.workspaceId &&
  one.roleId === other.roleId;

/** A group of a workspace that is gone gives nothing either. */
export const gives = ({ kind, workspaceId }: Pick<ScimGroup, 'kind' | 'workspaceId'>): boolean =>
  kind === 'admin' || (kind === 'workspace' && workspaceId !== null);
