import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { CursorList, isTimeKey } from '../../common/lists/cursor-list.js';
import {
  CredentialPage,
  CredentialsQuery,
  RevokeCredentialsRequest,
  RevokeCredentialsResponse,
  WeakerSignIns,
} from '../../contract/credentials.js';
import { TestSignInRequest } from '../../contract/organizations.js';
import { fromRequested, requirementProblems } from '../orgs/index.js';
import { fromFilter, fromRevocation, toCredential, toRevocation } from './credential.mapper.js';
import { ListCredentials } from './list-credentials.js';
import { RevokeCredentials } from './revoke-credentials.js';
import { TokenKindsForAdmins } from './token-kinds.guard.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/credentials')
export class CredentialsController {
  constructor(
    private readonly credentials: ListCredentials,
    private readonly revocations: RevokeCredentials,
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
    const { sessions, tokens, unknownTokens } = await this.credentials.countWeakerSignIns(
      orgId,
      fromRequested(body),
    );
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
