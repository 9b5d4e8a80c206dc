import { Injectable } from '@nestjs/common';
import type { Permission } from '../../common/access/permissions.js';
import type { Principal, WorkspacePrincipal } from '../../common/access/principal.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { required } from '../../common/required.js';
import type { ListQuery } from '../../database/lists/list-cursor.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { OrgsService } from '../orgs/index.js';
import { RolesService } from '../rbac/index.js';
import { VISIBLE_TO_KEY, VISIBLE_TO_USER } from './visible-workspaces.statements.js';
import { WorkspacesService } from './workspaces.service.js';

/** A workspace with the caller's role in it. */
export type VisibleWorkspace = {
  readonly id: string;
  readonly orgId: string;
  readonly displayName: string;
  readonly tenantHandle: string | null;
  readonly createdAt: Date;
  readonly isDeleted: boolean;
  readonly isPersonal: boolean;
  readonly roleId: string | null;
  readonly roleName: string | null;
  readonly permissions: readonly Permission[];
};

type Options = { includeDeleted: boolean };

/** The workspaces that a caller can see, with their role in each. */
@Injectable()
export class VisibleWorkspaces {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly orgs: OrgsService,
    private readonly roles: RolesService,
    private readonly lists: ListReader,
  ) {}

  /** In the organization of the request; a user who requested none gets those of all their organizations. */
  list(principal: Principal, options: Options): Promise<RowList<VisibleWorkspace>> {
    const { userId, orgId, isOrgExplicit } = principal;
    if (userId) return this.listForUser(userId, isOrgExplicit ? orgId : null, options);
    return this.read(visibleToKey(principal, options));
  }

  /** In all organizations of the user, or in one. */
  listForUser(
    userId: string,
    onlyOrgId: string | null,
    { includeDeleted }: Options,
  ): Promise<RowList<VisibleWorkspace>> {
    return this.read({ statement: VISIBLE_TO_USER, values: [userId, onlyOrgId, includeDeleted] });
  }

  /** The requested workspace. @throws WorkspaceNotFound if it was deleted concurrently. */
  async get({ orgId, workspaceId, workspaceRole }: WorkspacePrincipal): Promise<VisibleWorkspace> {
    const workspace = await this.workspaces.get(orgId, workspaceId);
    const role = workspaceRole && (await this.roles.get(orgId, workspaceRole.id, 'workspace'));
    return {
      ...workspace,
      isDeleted: false,
      isPersonal: (await this.orgs.get(orgId)).isPersonal,
      roleId: role?.id ?? null,
      roleName: role?.displayName ?? null,
      permissions: role?.permissions ?? [],
    };
  }

  private async read(query: ListQuery<VisibleWorkspace>): Promise<RowList<VisibleWorkspace>> {
    const [workspaces] = await this.lists.read(query);
    return workspaces;
  }
}

function visibleToKey({ orgId, key }: Principal, { includeDeleted }: Options): ListQuery<VisibleWorkspace> {
  const { role, workspaceIds } = required(key, 'key');
  return { statement: VISIBLE_TO_KEY, values: [orgId, role.id, workspaceIds, includeDeleted] };
}
