import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { WorkspacePermissions } from '../user-groups/index.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesService } from './workspaces.service.js';

/** Where a token of the caller may act if a request names no workspace: wherever the caller has a role, own or by groups. */
@Injectable()
export class DefaultWorkspaceRule {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly rights: WorkspacePermissions,
  ) {}

  /** @param workspaceId null: none is chosen. @throws WorkspaceNotFound */
  async assertUsable(principal: OrgPrincipal, workspaceId: string | null): Promise<void> {
    if (workspaceId === null) return;
    const existing = await this.workspaces.findByIds(principal.orgId, [workspaceId]);
    const held = (await this.rights.findHeld(principal, [workspaceId])).get(workspaceId);
    if (!existing.has(workspaceId) || !held?.size) throw new WorkspaceNotFound(workspaceId);
  }
}
