import { Body, Controller, Post } from '@nestjs/common';
import { RequirePermission } from '../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses } from '../../../common/http/refuses.decorator.js';
import { Returns } from '../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../common/http/swagger.decorator.js';
import { AccessCheckRequest, AccessCheckResponse } from '../../../contract/access-policies.js';
import { fromAccessCheckRequest, toAccessCheckResponse } from './access-check.mapper.js';
import { AccessCheckService } from './access-check.service.js';

/** Not in the published API: evaluates the stored access policies. */
@ApiTags('access_policies')
@Controller('api/v1/orgs/current/access')
export class AccessCheckController {
  constructor(private readonly access: AccessCheckService) {}

  /** A check for another member requires `organization:manage`. */
  @Post('check')
  @RequirePermission('organization:read')
  @Returns(AccessCheckResponse)
  @Refuses('member_not_found', 'workspace_not_found')
  async checkAccess(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: AccessCheckRequest) {
    const check = fromAccessCheckRequest(body, principal);
    return toAccessCheckResponse(await this.access.check(principal, check));
  }
}
