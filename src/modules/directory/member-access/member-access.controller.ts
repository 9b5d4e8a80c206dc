import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/path-uuid.decorator.js';
import { Refuses } from '../../../common/http/refuses.decorator.js';
import { Returns } from '../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../common/http/swagger.decorator.js';
import { MemberAccess } from '../../../contract/directory.js';
import { toMemberAccess } from './member-access.mapper.js';
import { MemberAccessReport } from './member-access-report.read-model.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class MemberAccessController {
  constructor(private readonly report: MemberAccessReport) {}

  /** Access of another member requires `organization:manage`. */
  @Get(':identity_id/access')
  @RequirePermission('organization:read')
  @Returns(MemberAccess)
  @Refuses('member_not_found')
  async explainMemberAccess(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
  ) {
    return toMemberAccess(await this.report.explain(principal, membershipId));
  }
}
