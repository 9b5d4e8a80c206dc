import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { CursorList, isTimeKey } from '../../common/lists/cursor-list.js';
import {
  type Credential,
  type CredentialFilter as CredentialFilterQuery,
  type CredentialOwner,
  CredentialPage,
  CredentialsQuery,
  RevokeCredentialsRequest,
  RevokeCredentialsResponse,
  WeakerSignIns,
} from '../../contract/credentials.js';
import { TestSignInRequest } from '../../contract/organizations.js';
import { fromRequested, requirementProblems } from '../orgs/index.js';
import { CountWeakerSignIns } from './count-weaker-sign-ins.js';
import { type DescribedCredential, ListCredentials, type ListedCredential } from './list-credentials.js';
import { type CredentialSelection, type Revocation, RevokeCredentials } from './revoke-credentials.js';
import { TokenKindsForAdmins } from './token-kinds.guard.js';
import { toInstant } from '../../common/http/operations/instant.js';
import { type CredentialCreator, type ListedServiceKey, toCreatedBy } from '../auth/api-keys/index.js';
import type { MemberGrant } from '../oauth-server/index.js';
import type { ListedScimToken } from '../scim/index.js';
import { type CredentialFilter, isOfMember } from './credentials.read-model.js';
import { InvalidCredentialSelection } from './errors.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/credentials')
export class CredentialsController {
  constructor(
    private readonly credentials: ListCredentials,
    private readonly revocations: RevokeCredentials,
    private readonly weakerSignIns: CountWeakerSignIns,
  ) {}

  @Get()
  @OrgQuery('organization:manage', CredentialPage)
  @TokenKindsForAdmins()
  async listCredentials(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { limit, cursor, ...query }: CredentialsQuery,
  ) {
    const { kind = null, ...filter } = query;
    const selected = fromFilter(filter);
    const scope = ['credentials', principal.orgId, kind, JSON.stringify(selected)];
    const page = new CursorList({ limit, cursor }, scope, isTimeKey);
    const rows = await this.credentials.list(principal, kind, selected, page);
    const { items, next_cursor } = page.page(rows, (row) => row, toCredential);
    return { items: items.filter((item) => item !== null), next_cursor };
  }

  @Post('weaker-sign-ins')
  @OrgQuery('organization:manage', WeakerSignIns)
  async countWeakerSignIns(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Body() body: TestSignInRequest,
  ): Promise<WeakerSignIns> {
    const problems = requirementProblems(body);
    if (problems.length > 0) throw new ValidationFailed(problems);
    const { sessions, tokens, unknownTokens } = await this.weakerSignIns.run(orgId, fromRequested(body));
    return {
      sessions,
      personal_access_tokens: tokens,
      personal_access_tokens_of_unknown_sign_in: unknownTokens,
    };
  }

  @Post('revocation')
  @OrgCommand('organization:manage', 'revoke_credentials', RevokeCredentialsResponse)
  @TokenKindsForAdmins()
  @Refuses('credential_count_differs', 'invalid_credential_selection')
  async revokeCredentials(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: RevokeCredentialsRequest,
  ) {
    const selection = fromRevocation(body);
    const revocation = body.dry_run
      ? await this.revocations.preview(principal, selection)
      : await this.revocations.revoke(principal, selection, body.expected_count ?? null);
    return toRevocation(revocation, body.dry_run);
  }
}

const fromFilter = (query: CredentialFilterQuery): CredentialFilter => ({
  owner: query.owner ?? null,
  unusedForDays: query.unused_for_days ?? null,
  endsBefore: query.ends_before === undefined ? null : toInstant(query.ends_before),
  ownerGone: query.owner_gone ?? null,
  neverUsed: query.never_used ?? null,
  neverExpires: query.never_expires ?? null,
  signIn: query.sign_in ?? null,
});

/** @throws InvalidCredentialSelection */
function fromRevocation({ ids, filter }: RevokeCredentialsRequest): CredentialSelection {
  if ((ids === undefined) === (filter === undefined))
    throw new InvalidCredentialSelection('ids', 'Give either ids or a filter');
  if (ids) return { ids };
  const fields = Object.values(filter ?? {}).filter((value) => value !== undefined);
  if (!filter || fields.length === 0)
    throw new InvalidCredentialSelection('filter', 'Give at least one field of the filter');
  return { kind: filter.kind ?? null, filter: fromFilter(filter) };
}

/** Null if it ended after it was selected. */
function toCredential({ id, kind, described }: ListedCredential): Credential | null {
  if (!described) return null;
  const { ownerId, owner } = described;
  const row = toRow(described);
  const isGone = ownerId !== null && (!owner || owner.isDisabled);
  return {
    id,
    kind,
    ...row,
    owner: ownerId === null ? null : toOwner(ownerId, owner),
    owner_gone: isGone && !isOfMember(kind), // which is refused then
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

function toRow(described: DescribedCredential): Row {
  if ('apiKey' in described) return toKey(described.apiKey);
  if ('grant' in described) return toApplication(described.grant, described.owner);
  return toScimToken(described.scimToken);
}

const toKey = ({ key, workspaceNames, creator, exceedsCreator }: ListedServiceKey): Row => ({
  ...toStored(key, creator?.email ?? null),
  short_key: key.shortKey,
  access_scope: key.kind === 'pat' ? null : key.isOrgWide ? 'organization' : 'workspace',
  workspace_names: workspaceNames,
  role_id: key.workspaceRoleId,
  org_role_id: key.orgRoleId,
  exceeds_creator: exceedsCreator,
});

const toApplication = (grant: MemberGrant, owner: CredentialCreator | null): Row => ({
  description: grant.clientName,
  short_key: grant.clientId,
  created_at: grant.createdAt.toISOString(),
  last_used_at: grant.lastUsedAt?.toISOString() ?? null,
  expires_at: grant.expiresAt.toISOString(),
  created_by: owner?.email ?? null,
  created_by_ls_user_id: grant.userId,
  created_with: null,
  ...OF_NO_KEY,
  exceeds_creator: false,
});

const OF_NO_KEY = { access_scope: null, workspace_names: null, role_id: null, org_role_id: null };

const toScimToken = ({ token, createdBy, exceedsCreator }: ListedScimToken): Row => ({
  ...toStored(token, createdBy),
  short_key: token.shortToken,
  ...OF_NO_KEY,
  exceeds_creator: exceedsCreator,
});

const toStored = (stored: ListedServiceKey['key'] | ListedScimToken['token'], createdBy: string | null) => ({
  description: stored.description,
  created_at: stored.createdAt.toISOString(),
  last_used_at: stored.lastUsedAt?.toISOString() ?? null,
  expires_at: stored.expiresAt?.toISOString() ?? null,
  ...toCreatedBy(stored, createdBy),
});

function toRevocation(
  { keys, grants, scimTokens, refused, furtherTokens, hasMore }: Revocation,
  isDryRun: boolean,
): RevokeCredentialsResponse {
  const credentials: RevokeCredentialsResponse['credentials'] = [
    ...keys.map(({ id, kind, shortKey, description }) => ({
      id,
      kind: kind === 'pat' ? ('personal_access_token' as const) : ('service_key' as const),
      short_key: shortKey,
      description,
    })),
    ...grants.map(({ id, clientId, clientName }) => ({
      id,
      kind: 'application' as const,
      short_key: clientId,
      description: clientName,
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
