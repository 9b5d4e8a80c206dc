import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { hostOf } from '../../common/outbound/address-rules.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { CallerKeys } from '../auth/api-keys/index.js';
import { Horizon } from '../events/index.js';
import type { Webhook } from './core/entities.js';
import { TooManyWebhooks, WebhookNotFound } from './core/errors.js';
import { WebhookSecrets } from './core/webhook-secrets.js';
import { type WebhookChanges, WebhooksRepository } from './core/webhooks.repository.js';

type Input = Pick<Webhook, 'url' | 'description' | 'types'>;

/** Absent: unchanged. */
export type WebhookInput = Partial<Input> & { readonly isEnabled?: boolean };

/** `secret` can be read only now. */
type WithSecret = { readonly id: string; readonly secret: string };

const MOST_WEBHOOKS = 20;

/** Changes of webhooks (docs/contract/webhooks.md). */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    private readonly horizon: Horizon,
    private readonly callerKeys: CallerKeys,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** What happens from now on is sent. @throws TooManyWebhooks, SecretReplaced or InvalidCredential */
  async create(principal: OrgPrincipal, input: Input): Promise<WithSecret> {
    const { orgId } = principal;
    const id = newId();
    const { secret, stored, publicKey } = this.secrets.create();
    const { horizon } = await this.horizon.observe();
    await this.transaction.as(principal, async () => {
      const origin = await this.callerKeys.originOf(principal);
      await this.webhooks.insert({ ...input, ...origin, id, orgId, publicKey, secret: stored }, horizon);
      if ((await this.webhooks.count(orgId)) > MOST_WEBHOOKS) throw new TooManyWebhooks();
      await this.audit.record(principal, 'create_webhook', [id], { details: { host: hostOf(input.url) } });
    });
    return { id, secret };
  }

  /** @throws WebhookNotFound */
  async update(principal: OrgPrincipal, id: string, input: WebhookInput): Promise<void> {
    const { horizon } = await this.horizon.observe();
    await this.transaction.as(principal, async () => {
      const webhook = await this.webhooks.lock(principal.orgId, id);
      if (!webhook) throw new WebhookNotFound();
      const { changed, isSwitched } = changesOf(webhook, input);
      if (changed.length === 0 && !isSwitched) return;
      await this.webhooks.update(webhook, writtenOf(input, isSwitched), horizon);
      const details = {
        ...(changed.length > 0 ? { changed } : {}),
        ...(changed.includes('url') && input.url ? { host: hostOf(input.url) } : {}),
        ...(isSwitched ? { is_enabled: input.isEnabled === true } : {}),
        ...(isSwitched && !input.isEnabled ? { reason: 'admin' } : {}),
      };
      await this.audit.record(principal, 'update_webhook', [id], { details });
    });
  }

  /**
   * The previous secret signs as well during the overlap; one that was still signing beside it ends at once.
   *
   * @throws WebhookNotFound, SecretReplaced or InvalidCredential
   */
  async rotateSecret(principal: OrgPrincipal, id: string, overlapHours: number): Promise<WithSecret> {
    const created = this.secrets.create();
    await this.transaction.as(principal, async () => {
      await this.callerKeys.originOf(principal);
      if (!(await this.webhooks.lock(principal.orgId, id))) throw new WebhookNotFound();
      await this.webhooks.rotate(id, created, overlapHours);
      const details = { overlap_hours: overlapHours };
      await this.audit.record(principal, 'rotate_webhook_secret', [id], { details });
    });
    return { id, secret: created.secret };
  }

  /** What has not arrived is not sent any more. @throws WebhookNotFound */
  async remove(principal: OrgPrincipal, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      if (!(await this.webhooks.lock(principal.orgId, id))) throw new WebhookNotFound();
      await this.removeAll(principal, [id]);
    });
  }

  /** In the open transaction; the caller may manage webhooks. */
  async removeAll(principal: OrgPrincipal, ids: readonly string[]): Promise<void> {
    await this.webhooks.remove(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_webhook', resourceIds: [id] })),
    );
  }
}

/** The names of the fields that differ, as published. */
function changesOf(webhook: Webhook, { url, description, types, isEnabled }: WebhookInput) {
  const changed = [
    ...(url !== undefined && url !== webhook.url ? ['url'] : []),
    ...(description !== undefined && description !== webhook.description ? ['description'] : []),
    ...(types !== undefined && JSON.stringify(types) !== JSON.stringify(webhook.types) ? ['types'] : []),
  ];
  return { changed, isSwitched: isEnabled !== undefined && isEnabled !== (webhook.disabledAt === null) };
}

const writtenOf = ({ isEnabled, ...fields }: WebhookInput, isSwitched: boolean): WebhookChanges => ({
  ...fields,
  ...(isSwitched ? { disabledReason: isEnabled ? null : 'admin' } : {}),
});
