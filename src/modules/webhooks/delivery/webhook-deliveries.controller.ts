import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import {
  RedeliverRequest,
  RedeliverResponse,
  WebhookAttempt,
  WebhookAttemptPage,
  WebhookDeliveriesQuery,
} from '../../../contract/audit-log/webhook-deliveries.js';
import { Audited } from '../../audit/index.js';
import { OrgAdminsOnly } from '../../roles/index.js';
import { OnlyAdminsManageWebhooks } from '../core/errors.js';
import { fromRedeliver, toWebhookAttempt } from './delivery.mapper.js';
import { RedeliverEvents } from './redeliver-events.js';
import { WebhookAttemptsService } from './webhook-attempts.service.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/webhooks/:webhook_id')
export class WebhookDeliveriesController {
  constructor(
    private readonly attempts: WebhookAttemptsService,
    private readonly redeliveries: RedeliverEvents,
  ) {}

  @Get('deliveries')
  @RequirePermission('organization:manage')
  @Returns(WebhookAttemptPage)
  @Refuses('webhook_not_found')
  async listWebhookDeliveries(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Query() { limit, cursor, ...query }: WebhookDeliveriesQuery,
  ): Promise<WebhookAttemptPage> {
    const { eventId, failed } = { eventId: query.event_id ?? null, failed: query.failed ?? null };
    const scope = ['webhook deliveries', id, eventId, failed === null ? null : String(failed)];
    const page = new CursorList({ page_size: limit, cursor }, scope);
    const rows = await this.attempts.list(orgId, id, { eventId, failed }, page);
    return page.page(rows, (row) => row, toWebhookAttempt);
  }

  @Post('test')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('test_webhook')
  @Returns(WebhookAttempt)
  @Refuses('no_connection_for_test', 'webhook_not_found')
  async testWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    return toWebhookAttempt(await this.attempts.test(principal, id));
  }

  @Post('redeliver')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('redeliver_webhook')
  @Returns(RedeliverResponse)
  @Refuses('invalid_redelivery', 'too_many_to_redeliver', 'unknown_events', 'webhook_not_found')
  async redeliverWebhookEvents(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Body() body: RedeliverRequest,
  ): Promise<RedeliverResponse> {
    return { count: await this.redeliveries.run(principal, id, fromRedeliver(body)) };
  }
}
