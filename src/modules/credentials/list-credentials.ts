import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { ListPage } from '../../common/lists/cursor-list.js';
import { AuditTrail } from '../audit/index.js';
import {
  type CredentialCreator,
  CredentialCreators,
  type ListedServiceKey,
  SelectedKeys,
} from '../auth/api-keys/index.js';
import { type MemberGrant, MemberGrants } from '../oauth-server/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { type ListedScimToken, ScimTokensService } from '../scim/index.js';
import {
  type CredentialFilter,
  CredentialsReadModel,
  isOfMember,
  type Kind,
  type SelectedCredential,
} from './credentials.read-model.js';

/** `owner` null: unknown, or no longer a member; then `ownerId` remains. */
export type DescribedCredential = {
  readonly ownerId: string | null;
  readonly owner: CredentialCreator | null;
} & (
  | { readonly apiKey: ListedServiceKey }
  | { readonly grant: MemberGrant }
  | { readonly scimToken: ListedScimToken }
);

/** `described`: null if it ended after it was selected. */
export type ListedCredential = SelectedCredential & { readonly described: DescribedCredential | null };

/** Service keys, personal access tokens, grants of applications and SCIM tokens in one list (docs/contract/keys.md#all-credentials). */
@Injectable()
export class ListCredentials {
  constructor(
    private readonly credentials: CredentialsReadModel,
    private readonly keys: SelectedKeys,
    private readonly grants: MemberGrants,
    private readonly scimTokens: ScimTokensService,
    private readonly owners: CredentialCreators,
    private readonly audit: AuditTrail,
  ) {}

  /** A page with tokens of other members is recorded, as their own list is. */
  async list(
    principal: OrgPrincipal,
    kind: Kind | null,
    filter: CredentialFilter,
    page: ListPage,
  ): Promise<ListedCredential[]> {
    const { orgId } = principal;
    const selection = { orgId, kinds: kindsFor(principal, kind), filter, ids: null, except: [] };
    const selected = await this.credentials.select({ ...selection, ...page });
    const byId = await this.describe(orgId, selected);
    const areOthersShown = selected.some(
      ({ id, kind: shown }) => isOfMember(shown) && byId.get(id)?.ownerId !== principal.userId,
    );
    if (areOthersShown) await this.audit.record(principal, 'list_all_org_personal_access_tokens', []);
    return selected.map((row) => ({ ...row, described: byId.get(row.id) ?? null }));
  }

  /** Those that end within so many days, by the kinds that the caller may see here. */
  async countEnding(principal: OrgPrincipal, withinDays: number): Promise<ReadonlyMap<Kind, number>> {
    const totals = await this.credentials.countEnding(principal.orgId, withinDays);
    return new Map(kindsFor(principal, null).map((kind) => [kind, totals.get(kind) ?? 0]));
  }

  /** In a fixed number of statements. */
  private async describe(
    orgId: string,
    selected: readonly SelectedCredential[],
  ): Promise<ReadonlyMap<string, DescribedCredential>> {
    const ids = selected.map(({ id }) => id);
    const keys = await this.keys.describe(orgId, ids);
    const grants = await this.grants.findByIds(orgId, ids);
    const tokens = await this.scimTokens.findByIds(orgId, ids);
    const described = [
      ...keys.map((apiKey) => ({
        id: apiKey.key.id,
        ownerId: apiKey.key.userId ?? apiKey.key.createdByUserId,
        apiKey,
      })),
      ...grants.map((grant) => ({ id: grant.id, ownerId: grant.userId, grant })),
      ...tokens.map((scimToken) => ({
        id: scimToken.token.id,
        ownerId: scimToken.token.createdByUserId,
        scimToken,
      })),
    ];
    const owners = await this.owners.findOf(
      orgId,
      described.map(({ ownerId }) => ({ createdByUserId: ownerId })),
    );
    return new Map(
      described.map(({ id, ...one }) => [id, { ...one, owner: owners.get(one.ownerId ?? '') ?? null }]),
    );
  }
}

/** Those that the caller may see here; `kind` null: all of these. */
export function kindsFor(principal: OrgPrincipal, kind: Kind | null): readonly Kind[] {
  if (kind !== null) return [kind];
  return mayGrantOrgAdmin(principal)
    ? ['service_key', 'personal_access_token', 'application', 'scim_token']
    : ['service_key'];
}
