import { Body, Controller, Delete, Get, HttpStatus, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Refuses, Returns, ReturnsNothing } from '../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../common/http/operations/optional-body.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { CursorList } from '../../common/lists/cursor-list.js';
import {
  CreateWebhookRequest,
  RotateWebhookSecretRequest,
  UpdateWebhookRequest,
  Webhook,
  WebhookPage,
  WebhooksQuery,
  WebhookWithSecret,
} from '../../contract/audit-log/webhooks.js';
import { Audited } from '../audit/index.js';
import { OrgAdminsOnly } from '../roles/index.js';
import { OnlyAdminsManageWebhooks } from './core/errors.js';
import { WebhookLists } from './webhook-lists.js';
import { WebhookUrlPipe } from './webhook-url.pipe.js';
import { fromCreateWebhook, fromUpdateWebhook, toWebhook } from './webhook.mapper.js';
import { WebhooksService } from './webhooks.service.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly lists: WebhookLists,
  ) {}

  @Get()
  @RequirePermission('organization:manage')
  @Returns(WebhookPage)
  async listWebhooks(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { limit, cursor }: WebhooksQuery,
  ): Promise<WebhookPage> {
    const { orgId } = principal;
    const page = new CursorList({ page_size: limit, cursor }, ['webhooks', orgId]);
    const rows = await this.lists.list(orgId, { before: page.after?.id ?? null, limit: page.limit });
    return page.page(
      rows,
      ({ webhook: { id } }) => ({ key: '', id }),
      (row) => toWebhook(row, principal),
    );
  }

  @Post()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('create_webhook')
  @Returns(WebhookWithSecret, HttpStatus.CREATED)
  @Refuses('secret_replaced', 'too_many_webhooks')
  async createWebhook(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(WebhookUrlPipe) body: CreateWebhookRequest,
  ): Promise<WebhookWithSecret> {
    const { id, secret } = await this.webhooks.create(principal, fromCreateWebhook(body));
    return { ...toWebhook(await this.lists.get(principal.orgId, id), principal), secret };
  }

  @Get(':webhook_id')
  @RequirePermission('organization:manage')
  @Returns(Webhook)
  @Refuses('webhook_not_found')
  async getWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    return toWebhook(await this.lists.get(principal.orgId, id), principal);
  }

  @Patch(':webhook_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('update_webhook')
  @Returns(Webhook)
  @Refuses('webhook_not_found')
  async updateWebhook(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @Body(WebhookUrlPipe) body: UpdateWebhookRequest,
  ) {
    await this.webhooks.update(principal, id, fromUpdateWebhook(body));
    return toWebhook(await this.lists.get(principal.orgId, id), principal);
  }

  @Delete(':webhook_id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('delete_webhook')
  @ReturnsNothing()
  @Refuses('webhook_not_found')
  async deleteWebhook(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('webhook_id') id: string) {
    await this.webhooks.remove(principal, id);
  }

  @Post(':webhook_id/rotate-secret')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsManageWebhooks)
  @Audited('rotate_webhook_secret')
  @Returns(WebhookWithSecret)
  @Refuses('secret_replaced', 'webhook_not_found')
  async rotateWebhookSecret(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('webhook_id') id: string,
    @OptionalBody(RotateWebhookSecretRequest) { overlap_hours: overlapHours }: RotateWebhookSecretRequest,
  ): Promise<WebhookWithSecret> {
    const { secret } = await this.webhooks.rotateSecret(principal, id, overlapHours);
    return { ...toWebhook(await this.lists.get(principal.orgId, id), principal), secret };
  }
}
