import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { Overview } from '../../contract/overview.js';
import { OverviewService } from './overview.service.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Get()
  @OrgQuery('organization:read', Overview)
  async getOverview(@CurrentPrincipal() principal: OrgPrincipal): Promise<Overview> {
    return toOverview(await this.overview.get(principal));
  }
}

type Found = Awaited<ReturnType<OverviewService['get']>>;

const toOverview = ({ people, waitingForLink, accessRequests, credentials, ...log }: Found): Overview => ({
  counted_at: people.countedAt.toISOString(),
  people: { active: people.members, invited: people.pending, waiting_for_link: waitingForLink },
  access_requests: accessRequests,
  ending: credentials && {
    access: people.ending,
    keys: credentials.get('service_key') ?? 0,
    tokens: tokensOf(credentials),
  },
  failed_sign_ins: log.failedSignIns,
  recent:
    log.recent?.map(({ time, userId, ...change }) => ({
      ...change,
      time: time.toISOString(),
      user_id: userId,
    })) ?? null,
  days:
    log.days?.map(({ signIns, failedSignIns, ...day }) => ({
      ...day,
      sign_ins: signIns,
      failed_sign_ins: failedSignIns,
    })) ?? null,
});

function tokensOf(credentials: NonNullable<Found['credentials']>): number | null {
  const personal = credentials.get('personal_access_token');
  return personal === undefined ? null : personal + (credentials.get('scim_token') ?? 0);
}
