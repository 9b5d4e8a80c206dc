import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, OwnQuery } from '../../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { EndedOwnAccess } from '../../../contract/sign-in.js';
import { EndedAccessLookup } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';

/** Not in the published API: what the sign-in by single sign-on says, for those who sign in with a password. */
@ApiTags('me')
@Controller('api/v1/me/ended-access')
export class OwnEndedAccessController {
  constructor(
    private readonly ended: EndedAccessLookup,
    private readonly orgs: OrgsRepository,
  ) {}

  @Get()
  @OwnQuery([EndedOwnAccess])
  async listOwnEndedAccess(@CurrentPrincipal() { userId }: UserPrincipal): Promise<EndedOwnAccess[]> {
    const ended = await this.ended.ofUser(userId);
    const orgs = await this.orgs.listByIds(ended.map(({ orgId }) => orgId));
    const names = new Map(orgs.map(({ id, displayName }) => [id, displayName]));
    return ended.map(({ orgId, endedAt, setByName }) => ({
      organization_id: orgId,
      organization_name: getOrThrow(names, orgId),
      ended_at: endedAt.toISOString(),
      set_by_name: setByName,
    }));
  }
}
