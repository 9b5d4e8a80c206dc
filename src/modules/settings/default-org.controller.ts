import { Controller, Post } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses, ReturnsJson } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { Audited } from '../audit/index.js';
import { MoveDefaultOrg } from './move-default-org.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/set-default-sso-provision')
export class DefaultOrgController {
  constructor(private readonly moving: MoveDefaultOrg) {}

  @Post()
  @RequirePermission('organization:manage')
  @Audited('update_default_sso_provision_organization')
  @ReturnsJson({ type: 'object', additionalProperties: true })
  @Refuses('default_org_change_forbidden', 'personal_org_cannot_be_default')
  async setDefaultSsoProvision(@CurrentPrincipal() principal: OrgPrincipal) {
    await this.moving.run(principal);
    return { organization_id: principal.orgId, default_sso_provision: true };
  }
}
