import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../common/access/access-rule.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/path-uuid.js';
import { Returns } from '../../../common/http/returns.js';
import { ApiTags } from '../../../common/http/swagger.js';
import { MemberAccess } from '../../../contract/member-access.js';
import { toMemberAccess } from './member-access.mapper.js';
import { MemberAccessReport } from './member-access.js';

/** An addition to the published contract. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class MemberAccessController {
  constructor(private readonly report: MemberAccessReport) {}

  /** About others it needs `organization:manage`. */
  @Get(':identity_id/access')
  @RequirePermission('organization:read')
  @Returns(MemberAccess)
  async explainMemberAccess(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
  ) {
    return toMemberAccess(await this.report.explain(principal, membershipId));
  }
}
