import { Injectable } from '@nestjs/common';
import type { BootstrapItemOf } from '../../../config/bootstrap-items.js';
import { InstallServiceKey } from '../../auth/api-keys/index.js';
import { systemRole } from '../../rbac/index.js';
import { CreateScimToken } from '../../scim/index.js';
import { WorkspacesByName } from './workspaces-by-name.js';

/** Stores a key or token of the bootstrap, in the open transaction. */
@Injectable()
export class InstallCredential {
  constructor(
    private readonly installServiceKey: InstallServiceKey,
    private readonly createScimToken: CreateScimToken,
    private readonly workspaces: WorkspacesByName,
  ) {}

  async run(orgId: string, item: BootstrapItemOf<'service_key' | 'scim_token'>): Promise<void> {
    if (item.kind === 'scim_token') return this.createScimToken.install(orgId, item.name, item.secret);
    await this.installServiceKey.run(orgId, item.secret, {
      description: item.name,
      workspaceIds: await this.workspaces.idsOf(orgId, item.workspaces),
      workspaceRoleId: systemRole(item.workspaceRole).id,
      orgRoleId: item.orgRole && systemRole(item.orgRole).id,
    });
  }
}
