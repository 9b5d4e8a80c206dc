import { Body, Controller, Post } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { ErrorsAs, Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { ScimGroupsPreviewRequest, ScimGroupsPreviewResponse } from '../../../../contract/scim-groups.js';
import { ScimTokenErrorResponse } from '../../../../contract/scim-tokens.js';
import { toGroupsPreview } from './groups-preview.mapper.js';
import { PreviewGroups } from './preview-groups.js';

/** Not in the published API; it changes nothing. */
@ApiTags('SCIM Tokens')
@Controller('v1/platform/orgs/current/scim/groups')
export class GroupsPreviewController {
  constructor(private readonly preview: PreviewGroups) {}

  @Post('preview')
  @RequirePermission('organization:manage')
  @Returns(ScimGroupsPreviewResponse)
  @ErrorsAs(ScimTokenErrorResponse, 400, 401, 403, 500, 503)
  async previewScimGroups(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Body() { names }: ScimGroupsPreviewRequest,
  ) {
    return toGroupsPreview(await this.preview.run(orgId, names));
  }
}
