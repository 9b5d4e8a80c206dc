import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../../common/access/principal.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';

/** Newest first. */
@Injectable()
export class ServiceKeyLists {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly names: NamedKeys,
  ) {}

  /** `workspaceIds`: the keys that reach one of these workspaces; none: all keys. */
  async list({ orgId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<NamedKey[]> {
    const keys = await this.keys.listServiceKeys(orgId);
    if (workspaceIds.length === 0) return this.names.withNames(orgId, keys);
    const wanted = await this.workspaces.findByIds(orgId, workspaceIds);
    const reaches = ({ key, workspaceIds: own }: ScopedKey) =>
      key.isOrgWide ? wanted.size > 0 : own.some((id) => wanted.has(id));
    return this.names.withNames(orgId, keys.filter(reaches));
  }

  async listInWorkspace({ orgId, workspaceId }: WorkspacePrincipal): Promise<NamedKey[]> {
    return this.names.withNames(orgId, await this.keys.listServiceKeysIn(orgId, workspaceId));
  }
}
