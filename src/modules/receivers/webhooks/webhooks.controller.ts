import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import { MakesCredential } from '../../../common/access/makes-credential.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { CursorList, isTimeKey } from '../../../common/lists/cursor-list.js';
import { LimitedListQuery } from '../../../contract/lists.js';
import {
  CreateWebhookRequest,
  RedeliverRequest,
  RedeliverResponse,
  RotateWebhookSecretRequest,
  UpdateWebhookRequest,
  Webhook,
  WebhookAttempt,
  WebhookAttemptPage,
  WebhookDeliveriesQuery,
  WebhookPage,
  WebhookWithSecret,
} from '../../../contract/audit-log/webhooks.js';
import { adminsOnly } from '../../roles/index.js';
import { InvalidRedelivery, OnlyAdminsManageWebhooks } from '../core/errors.js';
import { ReceiverBodyPipe } from '../core/receiver-body.pipe.js';
import { type Described, type ReceiverChanges, ReceiversService } from '../core/receivers.service.js';
import { RedeliverEvents, type Redelivery } from './redeliver-events.js';
import { WebhookAttempts } from './webhook-attempts.js';
import { WEBHOOK, type WebhookTypes } from './webhook-kind.js';
import { WebhooksService, type WithSecret } from './webhooks.service.js';
import { inUtc, toInstant } from '../../../common/http/operations/instant.js';
import { toReceiver } from '../core/receiver.mapper.js';
import type { ListedAttempt } from './webhooks.repository.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/webhooks')
export class WebhooksController {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly webhooks: WebhooksService,
    private readonly attempts: WebhookAttempts,
    private readonly redeliveries: RedeliverEvents,
  ) {}

  @Get()
  @OrgQuery('organization:manage', WebhookPage)
  listWebhooks(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: LimitedListQuery,
  ): Promise<WebhookPage> {
    return this.receivers.page(WEBHOOK, principal.orgId, query, (row) => toWebhook(row, principal));
  }

  @Post()
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'create_webhook', WebhookWithSecret, { status: 201 })
  @MakesCredential('settings/webhooks')
  @Refuses('secret_replaced', 'too_many_webhooks')
  async createWebhook(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(ReceiverBodyPipe) body: CreateWebhookRequest,
  ) {
    return toWebhookWithSecret(await this.webhooks.create(principal, fromCreateWebhook(body)), principal);
  }

  @Get(':webhook_id')
  @OrgQuery('organization:manage', Webhook)
  @Refuses('webhook_not_found')
  async getWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    return toWebhook(await this.receivers.get(WEBHOOK, principal.orgId, id), principal);
  }

  @Patch(':webhook_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'update_webhook', Webhook)
  @MakesCredential('settings/webhooks', 'url')
  @Refuses('webhook_not_found')
  async updateWebhook(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Body(ReceiverBodyPipe) body: UpdateWebhookRequest,
  ) {
    const changes = fromUpdateWebhook(body);
    return toWebhook(await this.receivers.update(WEBHOOK, principal, id, changes), principal);
  }

  @Delete(':webhook_id')
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'delete_webhook', 'nothing')
  @Refuses('webhook_not_found')
  async deleteWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    await this.receivers.remove(WEBHOOK, principal, id);
  }

  @Post(':webhook_id/rotate-secret')
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'rotate_webhook_secret', WebhookWithSecret)
  @MakesCredential('settings/webhooks')
  @Refuses('secret_replaced', 'webhook_not_found')
  async rotateWebhookSecret(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @OptionalBody(RotateWebhookSecretRequest) { overlap_hours: overlapHours }: RotateWebhookSecretRequest,
  ) {
    return toWebhookWithSecret(await this.webhooks.rotateSecret(principal, id, overlapHours), principal);
  }

  @Get(':webhook_id/deliveries')
  @OrgQuery('organization:manage', WebhookAttemptPage)
  @Refuses('webhook_not_found')
  async listWebhookDeliveries(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Query() { limit, cursor, ...query }: WebhookDeliveriesQuery,
  ): Promise<WebhookAttemptPage> {
    const { eventId, failed } = { eventId: query.event_id ?? null, failed: query.failed ?? null };
    const scope = ['webhook deliveries', id, eventId, failed === null ? null : String(failed)];
    const page = new CursorList({ limit, cursor }, scope, isTimeKey);
    const rows = await this.attempts.list(orgId, id, { eventId, failed }, page);
    return page.page(rows, (row) => row, toWebhookAttempt);
  }

  @Post(':webhook_id/test')
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'test_webhook', WebhookAttempt)
  @Refuses('no_connection_for_test', 'webhook_not_found')
  async testWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    return toWebhookAttempt(await this.attempts.test(principal, id));
  }

  @Post(':webhook_id/redeliver')
  @OrgCommand(adminsOnly(OnlyAdminsManageWebhooks), 'redeliver_webhook', RedeliverResponse)
  @Refuses('invalid_redelivery', 'too_many_to_redeliver', 'unknown_events', 'webhook_not_found')
  async redeliverWebhookEvents(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Body() body: RedeliverRequest,
  ): Promise<RedeliverResponse> {
    return { count: await this.redeliveries.run(principal, id, fromRedeliver(body)) };
  }
}

function toWebhook(described: Described<WebhookTypes>, caller: OrgPrincipal): Webhook {
  const { receiver: webhook } = described;
  return {
    ...toReceiver(described, caller),
    types: webhook.types,
    missed_since: webhook.missedSince?.toISOString() ?? null,
    disabled_reason: webhook.disabledReason,
    public_key: webhook.publicKey,
    previous_secret_expires_at: webhook.overlapEndsAt?.toISOString() ?? null,
    undelivered: webhook.undelivered,
    lag_seconds: webhook.lagSeconds,
    last_attempt: webhook.lastAttempt && { ...webhook.lastAttempt, at: inUtc(webhook.lastAttempt.at) },
    paused_until: webhook.pauseEndsAt?.toISOString() ?? null,
  };
}

const toWebhookWithSecret = (created: WithSecret, caller: OrgPrincipal): WebhookWithSecret => ({
  ...toWebhook(created, caller),
  secret: created.secret,
});

const fromCreateWebhook = ({ url, description, types }: CreateWebhookRequest) => ({
  url,
  description,
  types: types && [...new Set(types)],
});

const fromUpdateWebhook = (body: UpdateWebhookRequest): ReceiverChanges<WebhookTypes> => {
  const { url, description, types, is_enabled: isEnabled } = body;
  const fields = {
    ...(url !== undefined && { url: { url } }),
    ...(description !== undefined && { description: { description } }),
    ...(types !== undefined && { types: { types: types && [...new Set(types)] } }),
  };
  return { fields, isEnabled };
};

const toWebhookAttempt = (row: ListedAttempt): WebhookAttempt => ({
  id: row.id,
  event_id: row.eventId,
  event_type: row.eventType,
  attempt: row.attempt,
  attempted_at: row.attemptedAt.toISOString(),
  duration_ms: row.durationMs,
  status: row.status,
  code: row.code,
  response: row.response,
  next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
});

/** @throws InvalidRedelivery unless exactly one of the three is given */
function fromRedeliver({ ids, from, to, failed }: RedeliverRequest): Redelivery {
  const given = [ids !== undefined, from !== undefined || to !== undefined, failed !== undefined];
  if (given.filter(Boolean).length !== 1)
    throw new InvalidRedelivery('ids', 'Give either ids, or from and to, or failed');
  if (ids) return { ids };
  if (failed !== undefined) {
    if (!failed) throw new InvalidRedelivery('failed', 'Input should be true');
    return { failed };
  }
  if (from === undefined || to === undefined)
    throw new InvalidRedelivery(from === undefined ? 'from' : 'to', 'Field required');
  const period = { from: toInstant(from), to: toInstant(to) };
  if (period.from >= period.to) throw new InvalidRedelivery('to', 'Input should be later than from');
  return period;
}
