import { Injectable } from '@nestjs/common';
import { first, unique } from '../../../../common/collections.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import type { ApiKey } from './entities.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { type CredentialCreator, CredentialCreators } from './credential-creators.read-model.js';

/** `workspaceNames`: null if the key is not limited to workspaces. `creator`: null if unknown or no longer a member. */
export type NamedKey = {
  key: ApiKey;
  workspaceNames: string[] | null;
  defaultWorkspaceName: string | null;
  creator: CredentialCreator | null;
};

/** A token or a service key; tokens are not limited to workspaces. */
type UnnamedKey = ApiKey & Partial<Pick<ScopedKey, 'workspaceIds'>>;

@Injectable()
export class NamedKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly creators: CredentialCreators,
    private readonly workspaces: WorkspacesService,
  ) {}

  async withName(key: UnnamedKey): Promise<NamedKey> {
    return first(await this.withNames(key.orgId, [key]));
  }

  /** Adds the names of workspaces, in their order, and of creators in at most three queries. */
  async withNames(orgId: string, keys: readonly UnnamedKey[]): Promise<NamedKey[]> {
    const ids = keys.flatMap(({ workspaceIds = [], defaultWorkspaceId: id }) => [...workspaceIds, id]);
    const found = await this.workspaces.findByIds(orgId, unique(ids.filter((id) => id !== null)));
    const firstWorkspaces = await this.firstWorkspaceNames(orgId, keys);
    const creators = await this.creators.findOf(orgId, keys);
    return keys.map((key) => ({
      key,
      workspaceNames: isLimited(key)
        ? (key.workspaceIds ?? []).flatMap((id) => found.get(id)?.displayName ?? [])
        : null,
      defaultWorkspaceName:
        found.get(key.defaultWorkspaceId ?? '')?.displayName ?? firstWorkspaces.get(key.userId ?? '') ?? null,
      creator: creators.get(key.createdByUserId ?? '') ?? null,
    }));
  }

  /** Where a token without a default workspace acts: in the first workspace that its owner may see. */
  private firstWorkspaceNames(orgId: string, keys: readonly ApiKey[]): Promise<ReadonlyMap<string, string>> {
    const owners = keys.flatMap((key) => (key.defaultWorkspaceId === null ? (key.userId ?? []) : []));
    return this.keys.findFirstWorkspaceNames(orgId, unique(owners));
  }
}

const isLimited = (key: ApiKey) => key.kind === 'service' && !key.isOrgWide;
