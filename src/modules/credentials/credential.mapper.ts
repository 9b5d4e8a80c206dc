import { toInstant } from '../../common/http/operations/instant.js';
import type {
  Credential,
  CredentialOwner,
  CredentialFilter as CredentialFilterQuery,
  RevokeCredentialsRequest,
  RevokeCredentialsResponse,
} from '../../contract/credentials.js';
import { type CredentialCreator, type DescribedKey, toCreatedBy } from '../auth/api-keys/index.js';
import type { ListedScimToken } from '../scim/index.js';
import type { CredentialFilter } from './credential-page.statements.js';
import { InvalidCredentialSelection } from './errors.js';
import type { ListedCredential } from './list-credentials.js';
import type { CredentialSelection, Revocation } from './revoke-credentials.js';

export const fromFilter = (query: CredentialFilterQuery): CredentialFilter => ({
  owner: query.owner ?? null,
  unusedForDays: query.unused_for_days ?? null,
  endsBefore: query.ends_before === undefined ? null : toInstant(query.ends_before),
  ownerGone: query.owner_gone ?? null,
  neverUsed: query.never_used ?? null,
  neverExpires: query.never_expires ?? null,
  signIn: query.sign_in ?? null,
});

/** @throws InvalidCredentialSelection */
export function fromRevocation({ ids, filter }: RevokeCredentialsRequest): CredentialSelection {
  if ((ids === undefined) === (filter === undefined))
    throw new InvalidCredentialSelection('ids', 'Give either ids or a filter');
  if (ids) return { ids };
  const fields = Object.values(filter ?? {}).filter((value) => value !== undefined);
  if (!filter || fields.length === 0)
    throw new InvalidCredentialSelection('filter', 'Give at least one field of the filter');
  return { kind: filter.kind ?? null, filter: fromFilter(filter) };
}

/** Null if it ended after it was selected. */
export function toCredential({ id, kind, described }: ListedCredential): Credential | null {
  if (!described) return null;
  const { ownerId, owner } = described;
  const row = 'apiKey' in described ? toKey(described.apiKey) : toScimToken(described.scimToken);
  const isGone = ownerId !== null && (!owner || owner.isDisabled);
  return {
    id,
    kind,
    ...row,
    owner: ownerId === null ? null : toOwner(ownerId, owner),
    owner_gone: isGone && kind !== 'personal_access_token', // which is refused then
    never_used: row.last_used_at === null,
    never_expires: row.expires_at === null,
  };
}

const toOwner = (id: string, owner: CredentialCreator | null): CredentialOwner => ({
  ls_user_id: id,
  identity_id: owner?.membershipId ?? null,
  email: owner?.email ?? null,
});

type Row = Omit<Credential, 'id' | 'kind' | 'owner' | 'owner_gone' | 'never_used' | 'never_expires'>;

const toKey = ({ key, workspaceNames, creator, exceedsCreator }: DescribedKey): Row => ({
  short_key: key.shortKey,
  description: key.description,
  access_scope: key.kind === 'pat' ? null : key.isOrgWide ? 'organization' : 'workspace',
  workspace_names: workspaceNames,
  role_id: key.workspaceRoleId,
  org_role_id: key.orgRoleId,
  created_at: key.createdAt.toISOString(),
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  expires_at: key.expiresAt?.toISOString() ?? null,
  exceeds_creator: exceedsCreator,
  ...toCreatedBy(key, creator?.email ?? null),
});

const toScimToken = ({ token, createdBy, exceedsCreator }: ListedScimToken): Row => ({
  short_key: token.shortToken,
  description: token.description,
  access_scope: null,
  workspace_names: null,
  role_id: null,
  org_role_id: null,
  created_at: token.createdAt.toISOString(),
  last_used_at: token.lastUsedAt?.toISOString() ?? null,
  expires_at: token.expiresAt?.toISOString() ?? null,
  exceeds_creator: exceedsCreator,
  ...toCreatedBy(token, createdBy),
});

export function toRevocation(revocation: Revocation, isDryRun: boolean): RevokeCredentialsResponse {
  const { keys, scimTokens, refused, furtherTokens, hasMore } = revocation;
  const credentials: RevokeCredentialsResponse['credentials'] = [
    ...keys.map(({ id, kind, shortKey, description }) => ({
      id,
      kind: kind === 'pat' ? ('personal_access_token' as const) : ('service_key' as const),
      short_key: shortKey,
      description,
    })),
    ...scimTokens.map(({ token: { id, shortToken, description } }) => ({
      id,
      kind: 'scim_token' as const,
      short_key: shortToken,
      description,
    })),
  ];
  return {
    dry_run: isDryRun,
    count: credentials.length,
    credentials,
    refused: refused.map(({ id, error: { code, message } }) => ({ id, code, message })),
    further_tokens: furtherTokens,
    has_more: hasMore,
  };
}
