import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { NULLISH, UuidList } from '../../common/http/operations/fields.decorator.js';
import { ApiExcludeController } from '../../common/http/operations/swagger.decorator.js';

class OfTagValues {
  @UuidList(NULLISH) tag_value_id?: string[] | null;
}

/**
 * Usage, limits and retention of traces, which this server does not have: empty values of the published shapes, for a front
 * end that has no other server. Registered with `EMPTY_USAGE_RESPONSES` only, and never described, since proxies beside
 * LangSmith send what is described here (docs/contract/installation.md#usage-and-retention-of-traces).
 */
@ApiExcludeController()
@Controller('api/v1')
export class UsageController {
  /** No limit is reached, and none is set. */
  @Get('workspaces/current/usage_limits')
  @WorkspaceQuery('in-workspace')
  getCurrentWorkspaceUsageLimitsInfo() {
    return { in_reject_set: false, usage_limit_type: null, tenant_limit: null };
  }

  @Get('workspaces/current/stats')
  @WorkspaceQuery('in-workspace')
  getCurrentWorkspaceStats(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @Query() _query: OfTagValues,
  ) {
    return {
      tenant_id: workspaceId,
      dataset_count: 0,
      tracer_session_count: 0,
      repo_count: 0,
      annotation_queue_count: 0,
      deployment_count: 0,
      dashboards_count: 0,
      evaluator_count: 0,
      custom_app_count: 0,
    };
  }

  /** `longlived_ttl_days` is absent: an integer would be a promise. */
  @Get('workspaces/current/ttl-settings')
  @WorkspaceQuery('in-workspace')
  getWorkspaceTtlSettings(@CurrentPrincipal() { workspaceId }: WorkspacePrincipal) {
    return { tenant_id: workspaceId, is_custom: false };
  }

  @Get(['usage-limits', 'ttl-settings'])
  @WorkspaceQuery('in-workspace')
  listOfWorkspace() {
    return [];
  }

  @Get(['usage-limits/org', 'orgs/ttl-settings'])
  @OrgQuery('in-org')
  listOfOrg() {
    return [];
  }
}
