import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../../common/access/principal.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';
import { KeysBeyondCreators } from './keys-beyond-creators.js';

/** `exceedsCreator`: the key allows more than its creator may do at present; null if the creator is unknown. */
export type ListedServiceKey = NamedKey & { exceedsCreator: boolean | null };

/** Newest first. */
@Injectable()
export class ServiceKeyLists {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly names: NamedKeys,
    private readonly beyondCreators: KeysBeyondCreators,
  ) {}

  /** `workspaceIds`: the keys that reach one of these workspaces; none: all keys. */
  async list({ orgId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<ListedServiceKey[]> {
    const keys = await this.keys.listServiceKeys(orgId);
    if (workspaceIds.length === 0) return this.listed(orgId, keys);
    const wanted = await this.workspaces.findByIds(orgId, workspaceIds);
    const reaches = ({ key, workspaceIds: own }: ScopedKey) =>
      key.isOrgWide ? wanted.size > 0 : own.some((id) => wanted.has(id));
    return this.listed(orgId, keys.filter(reaches));
  }

  async listInWorkspace({ orgId, workspaceId }: WorkspacePrincipal): Promise<ListedServiceKey[]> {
    return this.listed(orgId, await this.keys.listServiceKeysIn(orgId, workspaceId));
  }

  private async listed(orgId: string, keys: readonly ScopedKey[]): Promise<ListedServiceKey[]> {
    const named = await this.names.withNames(orgId, keys);
    const exceeding = await this.beyondCreators.find(orgId, keys);
    return named.map((key) => ({ ...key, exceedsCreator: exceeding.get(key.key.id) ?? null }));
  }
}
