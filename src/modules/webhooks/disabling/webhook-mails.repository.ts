import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
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

const CLAIM_HANDOVER: Statement = {
  name: 'webhook_mails_hand_over',
  text: 'update webhook_mails set handed_over_at = now() where id = $1 and handed_over_at is null',
};

const RELEASE_HANDOVER: Statement = {
  name: 'webhook_mails_take_back',
  text: 'update webhook_mails set handed_over_at = null where id = $1',
};

/** Jobs are retried for a day. */
const OLD = sweep('webhook_mails', { key: 'id', time: 'created_at', daysLater: 2 });

/** Mails to admins about webhooks that were disabled. Reads tables of other modules. */
@Injectable()
export class WebhookMailsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails about webhooks', OLD);
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

  /** False if it was sent. After true, no other worker sends it. */
  async claimHandover(id: string): Promise<boolean> {
    return (await this.sql.affected(CLAIM_HANDOVER, [id])) === 1;
  }

  /** Called if the mail server refused the mail. */
  async releaseHandover(id: string): Promise<void> {
    await this.sql.affected(RELEASE_HANDOVER, [id]);
  }
}
