import { Injectable } from '@nestjs/common';
import { type Role, RolesService } from '../../rbac/index.js';
import { type Workspace, WorkspacesService } from '../../workspaces/index.js';
import { type GroupBinding, GroupNames } from './group-names.js';
import { type GrantingGroup, type GroupRoles, combineGroupRoles } from './group-roles.js';

export type GroupsPreview = {
  readonly groups: readonly { readonly name: string; readonly binding: GroupBinding }[];
  readonly together: GroupRoles;
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly roles: ReadonlyMap<string, Role>;
};

/** What groups with these names would grant, by the same rules, without creating them. */
@Injectable()
export class PreviewGroups {
  constructor(
    private readonly names: GroupNames,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
  ) {}

  /** `names`: oldest group first. */
  async run(orgId: string, names: readonly string[]): Promise<GroupsPreview> {
    const bindingOf = await this.names.load(orgId);
    const groups = names.map((name) => ({ name, binding: bindingOf(name) }));
    const granting = groups.map(({ binding }) => binding).filter(isGranting);
    const workspaces = await this.workspaces.listByOrg(orgId);
    const roles = await this.roles.listForOrg(orgId);
    return {
      groups,
      together: combineGroupRoles(granting.toReversed()),
      workspaces: new Map(workspaces.map((workspace) => [workspace.id, workspace])),
      roles: new Map(roles.map((role) => [role.id, role])),
    };
  }
}

const isGranting = (binding: GroupBinding): binding is GroupBinding & GrantingGroup =>
  binding.kind === 'admin' || binding.kind === 'workspace';
