import { Body, Controller, Delete, Get, Patch, Post, Put } from '@nestjs/common';
import {
  Authenticated,
  CurrentPrincipal,
  OrgCommand,
  OrgQuery,
} from '../../common/access/access.decorator.js';
import { PERMISSIONS } from '../../common/access/permissions.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import {
  CreateRoleRequest,
  PermissionResponse,
  Role,
  RoleRestrictionUpdate,
  UpdateRoleRequest,
} from '../../contract/roles.js';
import type { RoleInput } from './custom-role.js';
import { OnlyAdminsManageRoles } from './errors.js';
import { adminsOnly } from './org-admins-only.guard.js';
import type { OrgRole } from './org-roles.js';
import { RolesService } from './roles.service.js';

@ApiTags('orgs')
@Controller('api/v1/orgs')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get('permissions')
  @Authenticated([PermissionResponse])
  listPermissions(): PermissionResponse[] {
    return PERMISSIONS.map(({ name, description, scope }) => ({ name, description, access_scope: scope }));
  }

  @Get('current/roles')
  @OrgQuery('organization:read', [Role])
  async listOrganizationRoles(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.roles.listForOrg(principal.orgId)).map(toRole);
  }

  @Post('current/roles')
  @OrgCommand(adminsOnly(OnlyAdminsManageRoles), 'create_role', Role)
  @Refuses('invalid_role', 'role_name_taken')
  async createOrganizationRoles(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: CreateRoleRequest,
  ) {
    return toRole(await this.roles.create(principal, fromRoleRequest(body)));
  }

  @Patch('current/roles/:role_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageRoles), 'update_role', Role)
  @Refuses('invalid_role', 'role_name_taken', 'role_not_found', 'system_role_is_fixed')
  async updateOrganizationRoles(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('role_id') roleId: string,
    @Body() body: UpdateRoleRequest,
  ) {
    return toRole(await this.roles.update(principal, roleId, fromRoleRequest(body)));
  }

  /** Of the published API of November 2026. */
  @Put('current/roles/:role_id/restriction')
  @OrgCommand(adminsOnly(OnlyAdminsManageRoles), 'upsert_role_restriction', Role)
  @Refuses('role_cannot_be_restricted', 'role_not_found')
  async upsertRoleRestriction(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('role_id') roleId: string,
    @Body() body: RoleRestrictionUpdate,
  ) {
    return toRole(await this.roles.setRestriction(principal, roleId, body.is_restricted));
  }

  @Delete('current/roles/:role_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageRoles), 'delete_role', Role)
  @Refuses('role_in_use', 'role_not_found', 'system_role_is_fixed')
  async deleteOrganizationRoles(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('role_id') roleId: string,
  ) {
    return toRole(await this.roles.remove(principal, roleId));
  }
}

const toRole = (role: OrgRole): Role => ({
  id: role.id,
  name: role.name,
  display_name: role.displayName,
  description: role.description,
  organization_id: role.orgId,
  permissions: role.permissions,
  access_scope: role.accessScope,
  is_restricted: role.isRestricted,
});

const fromRoleRequest = (body: CreateRoleRequest): RoleInput => ({
  displayName: body.display_name,
  description: body.description,
  permissions: body.permissions,
});
