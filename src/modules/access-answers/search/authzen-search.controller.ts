import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, InOrg } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Problems, Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  ActionSearchRequest,
  ActionSearchResponse,
  ResourceSearchRequest,
  ResourceSearchResponse,
  SubjectSearchRequest,
  SubjectSearchResponse,
} from '../../../contract/authzen.js';
import { AskersOnlyGuard } from '../authzen/askers-only.guard.js';
import { SearchAccess } from './search-access.js';
import { SearchSubjects } from './search-subjects.js';
import { fromActionSearch, fromResourceSearch, fromSubjectSearch, toResults } from './search.mapper.js';

/** Section 8 of the Authorization API 1.0 (docs/contract/authzen.md#searches). */
@ApiTags('authzen')
@Controller('access/v1/search')
@UseGuards(AskersOnlyGuard)
@Problems('authzen')
@Refuses('permission_missing')
export class AuthzenSearchController {
  constructor(
    private readonly subjects: SearchSubjects,
    private readonly access: SearchAccess,
  ) {}

  @Post('subject')
  @InOrg()
  @Returns(SubjectSearchResponse)
  async searchSubjects(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: SubjectSearchRequest) {
    const { kind, asked, page } = fromSubjectSearch(principal.orgId, body);
    await this.access.assertMaySearch(principal, asked.workspaceId);
    return toResults(await this.subjects.search(principal.orgId, kind, asked, page), (subject) => subject);
  }

  @Post('resource')
  @InOrg()
  @Returns(ResourceSearchResponse)
  async searchResources(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: ResourceSearchRequest) {
    const { asked, page } = fromResourceSearch(principal.orgId, body);
    await this.access.assertMaySearch(principal, null);
    const found = await this.access.workspaces(principal.orgId, asked, page);
    return toResults(found, (id) => ({ type: 'workspace', id }));
  }

  @Post('action')
  @InOrg()
  @Returns(ActionSearchResponse)
  async searchActions(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: ActionSearchRequest) {
    const { asked, page } = fromActionSearch(principal.orgId, body);
    await this.access.assertMaySearch(principal, asked.workspaceId);
    return toResults(await this.access.permissions(principal.orgId, asked, page), (name) => ({ name }));
  }
}
