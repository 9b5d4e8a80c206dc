import { Body, Controller, Delete, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceCommand } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { Identity, IdentityCreate, IdentityPatch } from '../../contract/members.js';
import { Idempotent } from '../idempotency/index.js';
import { MemberDirectory } from './member-directory.read-model.js';
import {
  fromIdentityCreate,
  fromWorkspaceRolePatch,
  toIdentity,
  toWorkspaceMember,
} from './member.mapper.js';
import { WorkspaceMembersService } from './workspace-members.service.js';

@ApiTags('workspaces')
@Refuses('change_exceeds_rights', 'member_not_found', 'role_not_grantable')
@Controller('api/v1/workspaces/current/members')
export class WorkspaceMembersController {
  constructor(
    private readonly members: WorkspaceMembersService,
    private readonly directory: MemberDirectory,
  ) {}

  @Post()
  @WorkspaceCommand('workspaces:manage-members', 'add_member_to_workspace', Identity)
  @Idempotent()
  @Refuses('already_in_workspace', 'own_access_end', 'role_is_restricted', 'role_not_found')
  async addMemberToCurrentWorkspace(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Body() body: IdentityCreate,
  ) {
    const id = await this.members.add(principal, fromIdentityCreate(body));
    return toIdentity(await this.directory.getWorkspaceMember(principal.workspaceId, id));
  }

  /** Returns the member, as clients expect (docs/contract/http.md#routes-beyond-the-published-description). */
  @Patch(':identity_id')
  @WorkspaceCommand('workspaces:manage-members', 'update_workspace_member', 'anything')
  @Refuses(
    'access_end_managed_by_provider',
    'only_admins_manage_admins',
    'own_access_end',
    'role_is_provisioned',
    'role_is_restricted',
    'role_not_found',
  )
  async patchCurrentWorkspaceMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') membershipId: string,
    @Body() body: IdentityPatch,
  ) {
    await this.members.changeRole(principal, membershipId, fromWorkspaceRolePatch(body));
    return toWorkspaceMember(await this.directory.getWorkspaceMember(principal.workspaceId, membershipId));
  }

  @Delete(':identity_id')
  @WorkspaceCommand('workspaces:manage-members', 'delete_workspace_member', 'anything')
  @Refuses('only_admins_manage_admins', 'role_is_provisioned')
  async deleteCurrentWorkspaceMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') membershipId: string,
  ) {
    await this.members.remove(principal, membershipId);
    return null;
  }
}
