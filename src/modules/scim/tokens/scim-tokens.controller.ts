import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import { MakesCredential } from '../../../common/access/makes-credential.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { toInstant } from '../../../common/http/operations/instant.js';
import { ErrorsAs, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { RevokeCreatedQuery, RotateSecretRequest } from '../../../contract/api-keys.js';
import {
  CreateScimTokenPayload,
  ScimTokenErrorResponse,
  ScimTokenResponse,
  ScimTokenRotateResponse,
  ScimTokenSensitiveResponse,
  UpdateScimTokenPayload,
} from '../../../contract/identity-provider/scim.js';
import { KeyCreationGuard, toCreatedBy } from '../../auth/api-keys/index.js';
import { adminsOnly } from '../../roles/index.js';
import { OnlyAdminsManageScimTokens } from './errors.js';
import { ScimTokensService, type ListedScimToken } from './scim-tokens.service.js';

/** Ids in these paths are any text, as published: a text that is not a UUID is 404. */
@ApiTags('SCIM Tokens')
@Controller('v1/platform/orgs/current/scim/tokens')
export class ScimTokensController {
  constructor(private readonly tokens: ScimTokensService) {}

  @Get()
  @OrgQuery('organization:read', [ScimTokenResponse])
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 500, 503)
  async listScimTokens(@CurrentPrincipal() { orgId }: OrgPrincipal) {
    return (await this.tokens.list(orgId)).map(toScimToken);
  }

  @Post()
  @OrgCommand(adminsOnly(OnlyAdminsManageScimTokens), 'create_scim_token', ScimTokenSensitiveResponse, {
    status: 201,
  })
  @MakesCredential('settings/provisioning')
  @UseGuards(KeyCreationGuard)
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 500, 503)
  @Refuses('invalid_scim_token_expiry', 'key_creation_by_keys_disabled', 'secret_replaced')
  async createScimToken(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: CreateScimTokenPayload) {
    return toNewScimToken(await this.tokens.create(principal, fromCreateScimToken(body)));
  }

  @Get(':scim_token_id')
  @OrgQuery('organization:read', ScimTokenResponse)
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 404, 500, 503)
  @Refuses('scim_token_not_found')
  async getScimToken(@CurrentPrincipal() { orgId }: OrgPrincipal, @Param('scim_token_id') id: string) {
    return toScimToken(await this.tokens.get(orgId, id));
  }

  @Patch(':scim_token_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageScimTokens), 'update_scim_token', ScimTokenResponse)
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 404, 500, 503)
  @Refuses('invalid_scim_token_expiry', 'scim_token_not_found')
  async updateScimToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('scim_token_id') id: string,
    @Body() { description }: UpdateScimTokenPayload,
  ) {
    return toScimToken(await this.tokens.describe(principal, id, description ?? null));
  }

  @Delete(':scim_token_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageScimTokens), 'delete_scim_token', 'nothing')
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 404, 500, 503)
  @Refuses('scim_token_not_found')
  async deleteScimToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('scim_token_id') id: string,
    @Query() _withoutEffect: RevokeCreatedQuery, // no key or token is created with a SCIM token
  ) {
    await this.tokens.revoke(principal, id);
  }

  /** Not in the published API. */
  @Post(':scim_token_id/rotate')
  @OrgCommand(adminsOnly(OnlyAdminsManageScimTokens), 'rotate_scim_token', ScimTokenRotateResponse)
  @MakesCredential('settings/provisioning')
  @UseGuards(KeyCreationGuard)
  @ErrorsAs(ScimTokenErrorResponse, 401, 403, 404, 409, 500, 503)
  @Refuses(
    'credential_has_ended',
    'key_creation_by_keys_disabled',
    'rotation_outlives_caller',
    'scim_token_not_found',
    'secret_replaced',
  )
  async rotateScimToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Param('scim_token_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ): Promise<ScimTokenRotateResponse> {
    const rotated = await this.tokens.rotate(principal, id, overlapHours);
    return {
      ...toNewScimToken(rotated),
      previous_secret_ends_at: rotated.token.previousEndsAt?.toISOString() ?? null,
    };
  }
}

/** Absent values of published fields are omitted, since none of these may be null. */
const toScimToken = ({ token, createdBy, exceedsCreator }: ListedScimToken): ScimTokenResponse => ({
  id: token.id,
  description: token.description,
  short_token: token.shortToken,
  created_at: token.createdAt.toISOString(),
  updated_at: token.updatedAt.toISOString(),
  ...(token.lastUsedAt ? { last_used_at: token.lastUsedAt.toISOString() } : {}),
  ...(token.expiresAt ? { expires_at: token.expiresAt.toISOString() } : {}),
  ...toCreatedBy(token, createdBy),
  exceeds_creator: exceedsCreator,
});

const toNewScimToken = (created: ListedScimToken & { secret: string }): ScimTokenSensitiveResponse => ({
  ...toScimToken(created),
  token: created.secret,
});

const fromCreateScimToken = ({ description, expires_at }: CreateScimTokenPayload) => ({
  description: description ?? '',
  expiresAt: expires_at ? toInstant(expires_at) : null,
});
