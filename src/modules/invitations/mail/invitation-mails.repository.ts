import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import type { MailTexts } from '../../../common/mail/mail-texts.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { OutboxJob, type WrittenMail } from '../../notices/index.js';
import {
  isAccountInUse,
  LinkWithoutAccountRequested,
  PasswordLinks,
  PAUSE_MINUTES,
} from '../../passwords/index.js';
import { type InvitationEmail, invitationValues } from './invitation-email.js';

/** Only while the invitation can be accepted. Reads tables of other modules for the names. */
const KIND = {
  name: 'invitation-mails',
  columns: `
    i.id, i.org_id as "orgId", i.email, i.full_name as "fullName", i.expires_at as "expiresAt",
    floor(extract(epoch from i.expires_at - now()) / 3600)::int as "hoursLeft", o.display_name as "orgName",
    o.mail_language as "language", to_jsonb(i.access_expires_at) as "accessEndsAt",
    u.full_name as "inviterName", u.email as "inviterEmail", ${isAccountInUse('i.email')} as "hasAccount",
    coalesce((
      select jsonb_agg(jsonb_build_object('name', w.display_name, 'endsAt', g.access_expires_at)
        order by g.created_at, g.workspace_id)
      from invitation_workspaces g join workspaces w on w.id = g.workspace_id
      where g.invitation_id = i.id and (g.access_expires_at is null or g.access_expires_at > now())), '[]') as workspaces`,
  from: `
    join invitations i on i.id = m.invitation_id and i.status = 'pending' and (i.expires_at is null or i.expires_at > now())
    join organizations o on o.id = i.org_id
    left join users u on u.id = i.invited_by_user_id`,
};

/** The newest invitation of an address that can be accepted. */
const FIND_ACCEPTABLE: Statement = named('invitations_find_acceptable')`
  select i.id as "invitationId" from invitations i join organizations o on o.id = i.org_id
  where i.email = $1 and i.status = 'pending' and (i.expires_at is null or i.expires_at > now())
    and o.invites_enabled and not o.is_disabled and not o.sso_only
  order by i.created_at desc, i.id desc limit 1`;

const BATCH = 500;

/** Their mails are never due again. */
const ENDED: Statement = named('invitations_ended_with_mail')`
  select i.id from mails m join invitations i on i.id = m.invitation_id
  where i.status <> 'pending' limit ${BATCH}`;

/** Each is sent at most once, with a link to set a password if need be (docs/contract/passwords.md#password-links). */
@Injectable()
export class InvitationMailsRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly outbox: OutboxJob,
    private readonly links: PasswordLinks,
    private readonly events: EventBus,
    removals: RemovalJob,
  ) {
    removals.add('mails of ended invitations', () => this.removeOfEnded());
  }

  onModuleInit(): void {
    this.events.on(LinkWithoutAccountRequested, ({ email }) => this.sendAgain(email));
    this.outbox.add<InvitationEmail>({ ...KIND, write: (email, texts) => this.write(email, texts) });
  }

  get isConfigured(): boolean {
    return this.outbox.isConfigured;
  }

  /** In the transaction that invites. Links end after the mails are replaced: a job locks its mail before its link, too. */
  async queue(invitationIds: readonly string[]): Promise<void> {
    await this.outbox.queue(
      KIND.name,
      invitationIds.map((invitationId) => ({ invitationId })),
    );
    await this.links.revokeOfInvitations(invitationIds);
  }

  /** As `queue`, for invitations that may have been mailed before: what became of the earlier mail is no longer shown. */
  async queueAgain(invitationIds: readonly string[]): Promise<void> {
    if (!this.isConfigured) await this.outbox.removeOfInvitations(invitationIds);
    await this.queue(invitationIds);
  }

  private async removeOfEnded(): Promise<boolean> {
    const ended = await this.sql.rows<{ id: string }>(ENDED, []);
    await this.outbox.removeOfInvitations(ended.map(({ id }) => id));
    return ended.length === BATCH;
  }

  /** The link in the mail replaces the earlier one when it is sent (docs/contract/passwords.md#forgotten-passwords). */
  private async sendAgain(email: string): Promise<void> {
    const found = await this.sql.rows<{ invitationId: string }>(FIND_ACCEPTABLE, [email]);
    await this.outbox.queue(KIND.name, found, { pauseMinutes: PAUSE_MINUTES });
  }

  private write(invited: InvitationEmail, texts: MailTexts): WrittenMail {
    const { id: invitationId, orgId, email } = invited;
    const target = {
      purpose: 'invitation',
      email,
      orgId,
      invitationId,
      userId: null,
      auditOrgId: orgId,
    } as const;
    const link = this.links.areMailed && !invited.hasAccount ? this.links.forMail(target) : null;
    const links = { link: this.links.home, passwordLink: link && link.url };
    const text = texts.render('invitation', invited.language, (language) =>
      invitationValues(invited, links, language),
    );
    return { ...text, link };
  }
}
