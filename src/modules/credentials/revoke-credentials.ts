import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { unique } from '../../common/collections.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { ApiKeyNotFound, type ScopedKey, SelectedKeys } from '../auth/api-keys/index.js';
import { type MemberGrant, MemberGrants } from '../oauth-server/index.js';
import { type ListedScimToken, ScimTokensService } from '../scim/index.js';
import { type CredentialFilter, CredentialsReadModel, type Kind } from './credentials.read-model.js';
import { CredentialCountDiffers } from './errors.js';
import { kindsFor } from './list-credentials.js';

/** `kind` null: all that the caller may see. */
export type CredentialSelection =
  { readonly ids: readonly string[] } | { readonly kind: Kind | null; readonly filter: CredentialFilter };

export type Revocation = {
  readonly keys: readonly ScopedKey[];
  readonly grants: readonly MemberGrant[];
  readonly scimTokens: readonly ListedScimToken[];
  readonly refused: readonly { readonly id: string; readonly error: DomainError }[];
  /** The number of further tokens that end with the tokens with which they were created. */
  readonly furtherTokens: number;
  readonly hasMore: boolean;
};

const MOST_AT_ONCE = 1000;

const NO_FILTER: CredentialFilter = {
  owner: null,
  unusedForDays: null,
  endsBefore: null,
  ownerGone: null,
  neverUsed: null,
  neverExpires: null,
  signIn: null,
};

/** Ends each by the rule of its kind. What may not be ended is named and does not stop the others (docs/contract/keys.md#revoking-many). */
@Injectable()
export class RevokeCredentials {
  constructor(
    private readonly credentials: CredentialsReadModel,
    private readonly keys: SelectedKeys,
    private readonly grants: MemberGrants,
    private readonly scimTokens: ScimTokensService,
    private readonly transaction: Transaction,
  ) {}

  preview(principal: OrgPrincipal, selection: CredentialSelection): Promise<Revocation> {
    return this.transaction.as(principal, () => this.decide(principal, selection));
  }

  /** @throws CredentialCountDiffers if it would revoke another number of credentials */
  revoke(
    principal: OrgPrincipal,
    selection: CredentialSelection,
    expectedCount: number | null,
  ): Promise<Revocation> {
    return this.transaction.as(principal, async () => {
      const revocation = await this.decide(principal, selection);
      const { keys, grants, scimTokens } = revocation;
      const count = keys.length + grants.length + scimTokens.length;
      if (count !== expectedCount) throw new CredentialCountDiffers(count);
      await this.keys.end(principal, keys);
      await this.grants.endAll(principal, grants);
      await this.scimTokens.deleteAll(
        principal,
        scimTokens.map(({ token }) => token.id),
      );
      return revocation;
    });
  }

  /** Under the roster lock, under which credentials are created and ended. */
  private async decide(principal: OrgPrincipal, selection: CredentialSelection): Promise<Revocation> {
    const { orgId } = principal;
    const { ids, hasMore } = await this.select(principal, selection);
    const keys = inOrder(ids, await this.keys.load(orgId, ids));
    const grants = inOrder(ids, await this.grants.findByIds(orgId, ids));
    const scimTokens = await this.scimTokens.findByIds(orgId, ids);
    const refusals = await this.keys.refusalsOf(principal, keys);
    const accepted = keys.filter(({ id }) => !refusals.has(id));
    const found = new Set(ids);
    const unknown = 'ids' in selection ? selection.ids.filter((id) => !found.has(id)) : [];
    return {
      keys: accepted,
      grants,
      scimTokens,
      refused: [
        ...[...refusals].map(([id, error]) => ({ id, error })),
        ...unique(unknown).map((id) => ({ id, error: new ApiKeyNotFound() })),
      ],
      furtherTokens: await this.keys.countFurther(orgId, accepted),
      hasMore,
    };
  }

  /** A filter selects the first ones, never what ends the credential of the request. */
  private async select(
    principal: OrgPrincipal,
    selection: CredentialSelection,
  ): Promise<{ ids: string[]; hasMore: boolean }> {
    const { orgId } = principal;
    const chosen =
      'ids' in selection
        ? { kind: null, filter: NO_FILTER, ids: selection.ids, except: [] }
        : { ...selection, ids: null, except: await this.keys.listEndingTheCaller(principal) };
    const { kind, ...rest } = chosen;
    const selected = await this.credentials.select({
      orgId,
      kinds: kindsFor(principal, kind),
      ...rest,
      after: null,
      limit: MOST_AT_ONCE + 1,
    });
    const ids = selected.map(({ id }) => id);
    return { ids: ids.slice(0, MOST_AT_ONCE), hasMore: ids.length > MOST_AT_ONCE };
  }
}

/** In the order of the list. */
function inOrder<Row extends { readonly id: string }>(ids: readonly string[], rows: readonly Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
