import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { OrgsService } from '../../orgs/index.js';
import {
  type GroupMeaning,
  GroupMeanings,
  type PossibleGrant,
  possibleGrants,
  RolesService,
} from '../../rbac/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import type { ScimGroup } from './scim-group.entity.js';

/** What the name of a group is bound to. */
export type GroupBinding = Pick<ScimGroup, 'kind' | 'orgRole' | 'workspaceId' | 'roleId'>;

/** Reads names of groups against the workspaces and roles that the organization has now. */
@Injectable()
export class GroupNames {
  constructor(
    private readonly orgs: OrgsService,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly config: Config,
  ) {}

  /** In the order of the names. */
  async read(orgId: string, names: readonly string[]): Promise<GroupBinding[]> {
    const { scimGroupNameSeparator } = await this.orgs.get(orgId);
    const meanings = new GroupMeanings(await this.targetsIn(orgId), scimGroupNameSeparator);
    return names.map((name) => bindingOf(meanings.of(name)));
  }

  /** What the name gives, or would give under another separator or once a workspace has the name that it says. */
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

const bindingOf = (meaning: GroupMeaning): GroupBinding =>
  meaning.kind === 'workspace'
    ? meaning
    : { kind: meaning.kind, orgRole: null, workspaceId: null, roleId: null };

export const sameBinding = (one: GroupBinding, other: GroupBinding): boolean =>
  one.kind === other.kind &&
  one.orgRole === other.orgRole &&
  one.workspaceId === other.workspaceId &&
  one.roleId === other.roleId;

/** What a group gives now. */
export function grantsOf({ kind, orgRole, workspaceId, roleId }: GroupBinding): PossibleGrant[] {
  if (kind === 'admin') return [{ kind }];
  return kind === 'workspace' ? [{ kind, orgRole: orgRole!, workspaceId, roleId }] : [];
}

/** A group of a workspace that is gone gives nothing either. */
export const gives = ({ kind, workspaceId }: Pick<ScimGroup, 'kind' | 'workspaceId'>): boolean =>
  kind === 'admin' || (kind === 'workspace' && workspaceId !== null);
