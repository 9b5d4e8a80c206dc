import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { CallerKeys } from '../../auth/api-keys/index.js';
import type { Webhook } from '../core/entities.js';
import { type Described, ReceiversService } from '../core/receivers.service.js';
import { WEBHOOK, type WebhookTypes } from './webhook-kind.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** `secret` can be read only now. */
export type WithSecret = Described<WebhookTypes> & { readonly secret: string };

/** The secrets of webhooks. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    private readonly callerKeys: CallerKeys,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws as `ReceiversService.create` */
  async create(
    principal: OrgPrincipal,
    fields: Pick<Webhook, 'url' | 'description' | 'types'>,
  ): Promise<WithSecret> {
    const { secret, stored, publicKey } = this.secrets.create();
    const row = { ...fields, secret: stored, publicKey };
    return { ...(await this.receivers.create(WEBHOOK, principal, row)), secret };
  }

  /**
   * The previous secret signs as well during the overlap; one that was still signing beside it ends at once.
   *
   * @throws WebhookNotFound, SecretReplaced or InvalidCredential
   */
  async rotateSecret(principal: OrgPrincipal, id: string, overlapHours: number): Promise<WithSecret> {
    const created = this.secrets.create();
    return this.transaction.as(principal, async () => {
      await this.callerKeys.originOf(principal);
      await this.receivers.lock(WEBHOOK, principal.orgId, id);
      await this.webhooks.rotate(id, created, overlapHours);
      const details = { overlap_hours: overlapHours };
      await this.audit.record(principal, 'rotate_webhook_secret', [id], { details });
      return { ...(await this.receivers.get(WEBHOOK, principal.orgId, id)), secret: created.secret };
    });
  }
}
