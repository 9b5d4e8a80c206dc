import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { DomainError } from '../../../common/errors/domain-error.js';
import { AuditTrail, unchangedFacts } from '../../audit/index.js';
import { ApiKeysRepository, type ScopedKey } from './core/api-keys.repository.js';
import { ApiKeysService } from './core/api-keys.service.js';
import { NamedKeys } from './core/named-keys.js';
import { type ListedServiceKey, ServiceKeyLists } from './service-keys/service-key-lists.js';
import { ServiceKeyRights } from './service-keys/service-key-rights.js';

/** Service keys and tokens that another module has selected. In a fixed number of statements; `refusalsOf` needs one for each role at most. */
@Injectable()
export class SelectedKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly lists: ServiceKeyLists,
    private readonly names: NamedKeys,
    private readonly rights: ServiceKeyRights,
    private readonly apiKeys: ApiKeysService,
    private readonly audit: AuditTrail,
  ) {}

  /** In no particular order; those that are unknown are missing. */
  load(orgId: string, ids: readonly string[]): Promise<ScopedKey[]> {
    return this.keys.findByIds(orgId, ids);
  }

  /** As `load`, with names and marks; a token never allows more than its owner may do. */
  async describe(orgId: string, ids: readonly string[]): Promise<ListedServiceKey[]> {
    const { tokens, serviceKeys } = split(await this.load(orgId, ids));
    const named = await this.names.withNames(orgId, tokens);
    return [
      ...(await this.lists.listed(orgId, serviceKeys)),
      ...named.map((token) => ({ ...token, exceedsCreator: false })),
    ];
  }

  /** What ends the credential of the request: itself and, of a token, those with which it was created. */
  async listEndingTheCaller({ orgId, credential: { kind, id } }: OrgPrincipal): Promise<string[]> {
    return kind === 'session' || kind === 'application' ? [id] : this.keys.listAncestry(orgId, id);
  }

  /** Why the caller, who holds `organization:manage`, may not delete a service key, by its id. Equal roles are judged together. */
  async refusalsOf(
    principal: OrgPrincipal,
    keys: readonly ScopedKey[],
  ): Promise<ReadonlyMap<string, DomainError>> {
    const refused = new Map<string, DomainError>();
    const alike = Map.groupBy(split(keys).serviceKeys, ({ isOrgWide, workspaceRoleId }) =>
      isOrgWide ? workspaceRoleId : null,
    );
    for (const group of alike.values()) {
      try {
        await this.rights.assertMayDelete(principal, group);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        for (const { id } of group) refused.set(id, error);
      }
    }
    return refused;
  }

  /** The number of valid tokens that end with these and are not among them. */
  async countFurther(orgId: string, keys: readonly ScopedKey[]): Promise<number> {
    const ids = new Set(split(keys).tokens.map(({ id }) => id));
    if (ids.size === 0) return 0;
    const ending = await this.keys.findValidInFamilies(orgId, [...ids]);
    return new Set(ending.map(({ id }) => id).filter((id) => !ids.has(id))).size;
  }

  /** Deletes service keys and revokes tokens, as their own operations do. Runs under the roster lock. */
  async end(principal: OrgPrincipal, keys: readonly ScopedKey[]): Promise<void> {
    const { tokens, serviceKeys } = split(keys);
    await this.apiKeys.deleteServiceKeys(principal, serviceKeys);
    await this.revokeTokens(principal, tokens);
  }

  private async revokeTokens(principal: OrgPrincipal, tokens: readonly ScopedKey[]): Promise<void> {
    if (tokens.length === 0) return;
    const ids = tokens.map(({ id }) => id);
    const revoked = await this.keys.revokeFamilies(principal.orgId, ids);
    const byRoot = Map.groupBy(revoked, ({ root }) => root);
    const recorded = new Set<string>(); // a token may be in the families of several
    await this.audit.recordAll(
      tokens.map(({ id, userId: resourceOwnerId }) => {
        const ended = (byRoot.get(id) ?? []).map((member) => member.id);
        const resourceIds = unique([id, ...ended]);
        const details = unchangedFacts(
          resourceIds,
          ended.filter((one) => !recorded.has(one)),
        );
        for (const one of ended) recorded.add(one);
        const operation = 'revoke_personal_access_token';
        return { actor: principal, operation, resourceIds, scope: { resourceOwnerId, details } };
      }),
    );
  }
}

function split(keys: readonly ScopedKey[]) {
  const { pat: tokens = [], service: serviceKeys = [] } = Object.groupBy(keys, ({ kind }) => kind);
  return { tokens, serviceKeys };
}
