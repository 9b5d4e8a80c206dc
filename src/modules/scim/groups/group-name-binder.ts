import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { OrgsService } from '../../orgs/index.js';
import {
  type GroupNameMeaning,
  GroupNameResolver,
  type PossibleGrant,
  possibleGrants,
  RolesService,
} from '../../rbac/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { bindingWithoutRole, type GroupBinding } from './group-binding.js';

/** Resolves group names against the organization's current workspaces and roles. */
@Injectable()
export class GroupNameBinder {
  constructor(
    private readonly orgs: OrgsService,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly config: Config,
  ) {}

  async bind(orgId: string, name: string): Promise<GroupBinding> {
    return (await this.load(orgId))(name);
  }

  /** Loads the workspaces and roles once, to resolve several names. */
  async load(orgId: string): Promise<(name: string) => GroupBinding> {
    const { scimGroupNameSeparator } = await this.orgs.get(orgId);
    const resolver = new GroupNameResolver(await this.targetsIn(orgId), scimGroupNameSeparator);
    return (name) => toBinding(resolver.resolve(name));
  }

  /** What the name grants, or would grant with another separator or once a workspace has the name in it. */
  async couldGive(orgId: string, name: string): Promise<PossibleGrant[]> {
    const { scimGroupNameSeparator } = await this.orgs.get(orgId);
    const separators = [scimGroupNameSeparator, ...this.config.groupNameSeparators];
    return possibleGrants(name, separators, await this.targetsIn(orgId));
  }

  private async targetsIn(orgId: string) {
    const workspaces = await this.workspaces.listByOrg(orgId);
    const roles = (await this.roles.listForOrg(orgId)).filter(
      ({ accessScope }) => accessScope === 'workspace',
    );
    return { workspaces, roles };
  }
}

const toBinding = (meaning: GroupNameMeaning): GroupBinding =>
  meaning.kind === 'workspace' ? meaning : bindingWithoutRole(meaning.kind);
