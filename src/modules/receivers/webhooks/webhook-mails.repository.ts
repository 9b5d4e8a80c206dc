import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hostOf } from '../../../common/outbound/address-rules.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { type MailKind, type MemberMail, memberValues, OutboxJob, TO_MEMBER } from '../../notices/index.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';

/** Names are not sanitized. */
type WebhookMail = MemberMail & {
  readonly webhookId: string;
  readonly url: string;
  readonly description: string;
  readonly reason: 'gone' | 'failures';
};

const MAX_ADMINS = 20;

/** $1: organization. */
const FIND_ADMINS: Statement = named('webhook_mails_find_admins')`
  select org_id as "orgId", user_id as "userId" from current_org_memberships
  where org_id = $1 and role_id = '${ORG_ADMIN_ID}' and not is_disabled
  order by created_at, id limit ${MAX_ADMINS}`;

/** Only while it is disabled for that reason: the mail server may have been down in between. */
const KIND: MailKind<WebhookMail> = {
  name: 'webhook-mails',
  columns: `${TO_MEMBER.columns}, w.id as "webhookId", w.url, w.description, w.disabled_reason as reason`,
  from: `
    ${TO_MEMBER.from}
    join webhooks w on w.id = m.about[1]::uuid and w.disabled_reason in ('gone', 'failures')
    where p.role_id = '${ORG_ADMIN_ID}'`,
  write: (mail, texts, pageOf) =>
    texts.render('webhook', mail.language, () => ({
      ...memberValues(mail),
      host: hostOf(mail.url),
      description: mail.description || null,
      gone: mail.reason === 'gone' ? 'yes' : null,
      link: pageOf(mail.orgId, `settings/webhooks/${mail.webhookId}`),
    })),
};

/** Mails to admins about webhooks that were disabled (docs/contract/webhooks.md#requests). Reads tables of other modules. */
@Injectable()
export class WebhookMailsRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly outbox: OutboxJob,
  ) {}

  onModuleInit(): void {
    this.outbox.add(KIND);
  }

  /** In the transaction that disables it. */
  async queue(orgId: string, webhookId: string): Promise<void> {
    if (!this.outbox.isConfigured) return;
    const admins = await this.sql.rows<{ orgId: string; userId: string }>(FIND_ADMINS, [orgId]);
    await this.outbox.queue(
      KIND.name,
      admins.map((admin) => ({ ...admin, about: [webhookId] })),
    );
  }
}
