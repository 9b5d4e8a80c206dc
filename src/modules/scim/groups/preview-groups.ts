import { Injectable } from '@nestjs/common';
import { type Role, RolesService } from '../../rbac/index.js';
import { type Workspace, WorkspacesService } from '../../workspaces/index.js';
import { type GroupBinding, GroupNames } from './group-binding.js';
import { type GivingGroup, type GroupRoles, rolesFrom } from './group-roles.js';

export type GroupsPreview = {
  readonly groups: readonly { readonly name: string; readonly binding: GroupBinding }[];
  readonly together: GroupRoles;
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly roles: ReadonlyMap<string, Role>;
};

/** What groups of these names would give, by the same rules and without making one. */
@Injectable()
export class PreviewGroups {
  constructor(
    private readonly names: GroupNames,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
  ) {}

  /** `names`: of the oldest group first. */
  async run(orgId: string, names: readonly string[]): Promise<GroupsPreview> {
    const bindings = await this.names.read(orgId, names);
    const together = rolesFrom(bindings.filter(isGiving).toReversed());
    const workspaces = await this.workspaces.listByOrg(orgId);
    const roles = await this.roles.listForOrg(orgId);
    return {
      groups: names.map((name, index) => ({ name, binding: bindings[index]! })),
      together,
      workspaces: new Map(workspaces.map((workspace) => [workspace.id, workspace])),
      roles: new Map(roles.map((role) => [role.id, role])),
    };
  }
}

const isGiving = (binding: GroupBinding): binding is GroupBinding & GivingGroup =>
  binding.kind === 'admin' || binding.kind === 'workspace';
