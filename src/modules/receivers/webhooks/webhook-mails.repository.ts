import { Injectable } from '@nestjs/common';
import { mailHandover } from '../../../database/jobs/mail-queue.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';

/** The content of a mail about a webhook that was disabled. Names are not sanitized. */
export type WebhookEmail = {
  readonly orgId: string;
  readonly webhookId: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly orgName: string;
  /** Null: that of the installation. */
  readonly language: string | null;
  readonly url: string;
  readonly description: string;
  readonly reason: 'gone' | 'failures';
};

const MAX_ADMINS = 20;

/** $1: organization, $2: webhook. */
const INSERT: Statement = {
  name: 'webhook_mails_insert',
  text: `
    insert into webhook_mails (id, webhook_id, org_id, user_id)
    select gen_random_uuid(), $2, $1, user_id from (
      select user_id from current_org_memberships where org_id = $1 and role_id = '${ORG_ADMIN_ID}' and not is_disabled
      order by created_at, id limit ${MAX_ADMINS}) admins
    returning id`,
};

/** Only while it is disabled for that reason: the mail server may have been down in between. */
const FIND: Statement = {
  name: 'webhook_mails_find',
  text: `
    select m.org_id as "orgId", w.id as "webhookId", u.email, u.full_name as "fullName", o.display_name as "orgName",
      o.mail_language as language, w.url, w.description, w.disabled_reason as reason
    from webhook_mails m
      join webhooks w on w.id = m.webhook_id and w.disabled_reason in ('gone', 'failures')
      join current_org_memberships p on p.org_id = m.org_id and p.user_id = m.user_id and not p.is_disabled
        and p.role_id = '${ORG_ADMIN_ID}'
      join organizations o on o.id = m.org_id and not o.is_disabled
      join users u on u.id = m.user_id
    where m.id = $1 and m.handed_over_at is null`,
};

const HANDOVER = mailHandover('webhook_mails');

/** Mails to admins about webhooks that were disabled. Reads tables of other modules. */
@Injectable()
export class WebhookMailsRepository {
  readonly handover = HANDOVER;

  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails about webhooks', HANDOVER.old);
  }

  /** Returns the ids of the new mails. */
  async insert(orgId: string, webhookId: string): Promise<string[]> {
    const mails = await this.sql.rows<{ id: string }>(INSERT, [orgId, webhookId]);
    return mails.map(({ id }) => id);
  }

  /** Null if it was sent, or is no longer true. */
  find(id: string): Promise<WebhookEmail | null> {
    return this.sql.row<WebhookEmail>(FIND, [id]);
  }
}
