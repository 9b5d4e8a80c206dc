import { Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { APIKeyRotateResponse, RotateSecretRequest } from '../../../contract/api-keys.js';
import { toNewApiKey } from './core/api-key.mapper.js';
import type { NewKey } from './core/api-keys.service.js';
import { ReturnsSecret } from './core/key-creation.guard.js';
import { OwnTokensService } from './personal-access-tokens/own-tokens.service.js';
import { ServiceKeysService } from './service-keys/service-keys.service.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current')
@Problems('api')
@Refuses('api_key_not_found', 'credential_has_ended', 'rotation_outlives_caller')
export class KeyRotationController {
  constructor(
    private readonly tokens: OwnTokensService,
    private readonly serviceKeys: ServiceKeysService,
  ) {}

  @Post('personal-access-tokens/:pat_id/rotate')
  @OrgCommand('organization:read', 'rotate_personal_access_token', APIKeyRotateResponse)
  @ReturnsSecret()
  @Refuses('only_owners_rotate_tokens')
  async rotateOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ) {
    return toRotated(await this.tokens.rotate(principal, id, overlapHours));
  }

  @Post('service-keys/:api_key_id/rotate')
  @OrgCommand('organization:read', 'rotate_service_key', APIKeyRotateResponse)
  @ReturnsSecret()
  @Refuses(
    'change_exceeds_rights',
    'only_admins_manage_org_wide_keys',
    'operator_cannot_change_admin_key',
    'permission_missing',
    'role_is_restricted',
    'role_not_found',
    'role_not_grantable',
    'workspace_not_found',
  )
  async rotateOrgServiceKey(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('api_key_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ) {
    return toRotated(await this.serviceKeys.rotate(principal, id, overlapHours));
  }
}

const toRotated = (rotated: NewKey): APIKeyRotateResponse => ({
  ...toNewApiKey(rotated),
  previous_secret_ends_at: rotated.key.previousEndsAt?.toISOString() ?? null,
});
