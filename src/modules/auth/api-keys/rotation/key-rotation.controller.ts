import { Controller, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand } from '../../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Problems, Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../../common/http/operations/uuid.pipe.js';
import { APIKeyRotateResponse, RotateSecretRequest } from '../../../../contract/api-keys.js';
import { Idempotent } from '../../../idempotency/index.js';
import { toNewApiKey } from '../core/api-key.mapper.js';
import type { NewKey } from '../core/api-keys.service.js';
import { KeyCreationGuard } from '../core/key-creation.guard.js';
import { RotateServiceKey } from './rotate-service-key.js';
import { RotateToken } from './rotate-token.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current')
@Problems('api')
@Refuses(
  'api_key_not_found',
  'credential_has_ended',
  'key_creation_by_keys_disabled',
  'rotation_outlives_caller',
  'secret_replaced',
)
export class KeyRotationController {
  constructor(
    private readonly rotateToken: RotateToken,
    private readonly rotateServiceKey: RotateServiceKey,
  ) {}

  @Post('personal-access-tokens/:pat_id/rotate')
  @OrgCommand('organization:read', 'rotate_personal_access_token', APIKeyRotateResponse)
  @UseGuards(KeyCreationGuard)
  @Idempotent('if-allowed-now')
  @Refuses('only_owners_rotate_tokens')
  async rotateOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ) {
    return toRotated(await this.rotateToken.run(principal, id, overlapHours));
  }

  @Post('service-keys/:api_key_id/rotate')
  @OrgCommand('organization:read', 'rotate_service_key', APIKeyRotateResponse)
  @UseGuards(KeyCreationGuard)
  @Idempotent('if-allowed-now')
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
    return toRotated(await this.rotateServiceKey.run(principal, id, overlapHours));
  }
}

const toRotated = (rotated: NewKey): APIKeyRotateResponse => ({
  ...toNewApiKey(rotated),
  previous_secret_ends_at: rotated.key.previousEndsAt?.toISOString() ?? null,
});
