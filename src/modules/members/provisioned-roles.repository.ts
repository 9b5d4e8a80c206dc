import { Injectable } from '@nestjs/common';
import { newId } from '../../database/statements/new-id.js';
import { Sql } from '../../database/transactions/sql.js';
import {
  type MembershipSource,
  type Provenance,
  PROVENANCE_COLUMNS,
  provenanceArrays,
  provenanceValues,
} from './provenance.js';

export type HeldOrgRole = {
  readonly userId: string;
  readonly roleId: string;
  readonly source: MembershipSource;
};
export type HeldWorkspaceRole = HeldOrgRole & { readonly id: string; readonly workspaceId: string };
export type OrgRoleGrant = { readonly userId: string; readonly roleId: string };
export type WorkspaceRoleGrant = OrgRoleGrant & { readonly workspaceId: string };

const LIST_ORG_ROLES = {
  name: 'provisioned_roles_list_org_roles',
  text: `
    select user_id as "userId", role_id as "roleId", source from org_memberships
    where org_id = $1 and user_id = any($2)`,
};

const LIST_WORKSPACE_ROLES = {
  name: 'provisioned_roles_list_places',
  text: `
    select id, user_id as "userId", workspace_id as "workspaceId", role_id as "roleId", source
    from workspace_memberships where org_id = $1 and user_id = any($2)`,
};

const SET_ORG_ROLES = {
  name: 'provisioned_roles_set_org_roles',
  text: `
    update org_memberships m set role_id = given.role_id, source = 'scim'
    from unnest($2::uuid[], $3::uuid[]) as given (user_id, role_id)
    where m.org_id = $1 and m.user_id = given.user_id`,
};

/** Inserts nothing for users who are no longer members, or for workspaces of other organizations. */
const SET_WORKSPACE_ROLES = {
  name: 'provisioned_roles_set_places',
  text: `
    insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS})
    select id, $1, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS}
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], ${provenanceArrays(6)})
      as given (id, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS})
    order by workspace_id, user_id
    on conflict (workspace_id, user_id) do update set role_id = excluded.role_id, source = excluded.source`,
};

const REMOVE_WORKSPACE_ROLES = {
  name: 'provisioned_roles_remove_places',
  text: `delete from workspace_memberships where org_id = $1 and id = any($2) and source = 'scim'`,
};

/** Each method writes a set of rows in one statement and is scoped by organization. */
@Injectable()
export class ProvisionedRolesRepository {
  constructor(private readonly sql: Sql) {}

  listOrgRoles(orgId: string, userIds: readonly string[]): Promise<HeldOrgRole[]> {
    return this.sql.rows<HeldOrgRole>(LIST_ORG_ROLES, [orgId, userIds]);
  }

  listWorkspaceRoles(orgId: string, userIds: readonly string[]): Promise<HeldWorkspaceRole[]> {
    return this.sql.rows<HeldWorkspaceRole>(LIST_WORKSPACE_ROLES, [orgId, userIds]);
  }

  async setOrgRoles(orgId: string, grants: readonly OrgRoleGrant[]): Promise<void> {
    const columns = [grants.map(({ userId }) => userId), grants.map(({ roleId }) => roleId)];
    await this.sql.affected(SET_ORG_ROLES, [orgId, ...columns]);
  }

  /** A membership that exists keeps its provenance. */
  async setWorkspaceRoles(
    orgId: string,
    grants: readonly WorkspaceRoleGrant[],
    provenance: Provenance,
  ): Promise<void> {
    await this.sql.affected(SET_WORKSPACE_ROLES, [
      orgId,
      grants.map(() => newId()),
      grants.map(({ workspaceId }) => workspaceId),
      grants.map(({ userId }) => userId),
      grants.map(({ roleId }) => roleId),
      ...provenanceValues(grants.map(() => ({ provenance }))),
    ]);
  }

  async removeWorkspaceRoles(orgId: string, ids: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_WORKSPACE_ROLES, [orgId, ids]);
  }
}
