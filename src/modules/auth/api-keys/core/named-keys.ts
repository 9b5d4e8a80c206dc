import { Injectable } from '@nestjs/common';
import { first } from '../../../../common/collections.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import type { ApiKey } from './entities.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { CredentialCreators } from './credential-creators.read-model.js';

/**
 * `workspaceNames`: null if the key is not limited to workspaces. `createdBy`: the e-mail of the user who created the
 * key; null if unknown or no longer a member.
 */
export type NamedKey = {
  key: ApiKey;
  workspaceNames: string[] | null;
  defaultWorkspaceName: string | null;
  createdBy: string | null;
};
/** Keys with the names of what they refer to. */
@Injectable()
export class NamedKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly creators: CredentialCreators,
    private readonly workspaces: WorkspacesService,
  ) {}

  async withName(orgId: string, scoped: ScopedKey): Promise<NamedKey> {
    return first(await this.withNames(orgId, [scoped]));
  }

  /** Adds the names of workspaces, in their order, and of creators in at most three queries. */
  async withNames(orgId: string, scoped: readonly ScopedKey[]): Promise<NamedKey[]> {
    const ids = scoped.flatMap(({ key, workspaceIds }) => [...workspaceIds, key.defaultWorkspaceId]);
    const found = await this.workspaces.findByIds(orgId, [...new Set(ids.filter((id) => id !== null))]);
    const firstWorkspaces = await this.firstWorkspaceNames(orgId, scoped);
    const creators = await this.creators.findOf(
      orgId,
      scoped.map(({ key }) => key),
    );
    return scoped.map(({ key, workspaceIds }) => ({
      key,
      workspaceNames: isLimited(key) ? workspaceIds.flatMap((id) => found.get(id)?.displayName ?? []) : null,
      defaultWorkspaceName:
        found.get(key.defaultWorkspaceId ?? '')?.displayName ?? firstWorkspaces.get(key.userId ?? '') ?? null,
      createdBy: creators.get(key.createdByUserId ?? '')?.email ?? null,
    }));
  }

  /** A token without a default workspace acts in the first workspace that its owner may see. */
  private firstWorkspaceNames(
    orgId: string,
    scoped: readonly ScopedKey[],
  ): Promise<ReadonlyMap<string, string>> {
    const owners = scoped.flatMap(({ key }) => (key.defaultWorkspaceId === null ? (key.userId ?? []) : []));
    return this.keys.findFirstWorkspaceNames(orgId, [...new Set(owners)]);
  }
}

const isLimited = (key: ApiKey) => key.kind === 'service' && !key.isOrgWide;
