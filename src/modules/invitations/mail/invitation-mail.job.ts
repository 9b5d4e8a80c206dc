import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../../common/background/lifecycle.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { MailTexts } from '../../../common/mail/mail-texts.js';
import { type JobOutcome, JobQueue, MAIL_OUTCOME } from '../../../database/jobs/job-queue.js';
import { type MailLink, PasswordLinks } from '../../passwords/index.js';
import { type InvitationEmail, invitationValues } from './invitation-email.js';
import { InvitationMailsRepository } from './invitation-mails.repository.js';

const QUEUE = 'invitation-mails';

/**
 * Sends invitation e-mails if a mail server is configured, each at most once. With basic auth, the mail to a user without
 * a password carries a link to set one (docs/contract/passwords.md#password-links).
 */
@Injectable()
export class InvitationMailJob implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: InvitationMailsRepository,
    private readonly texts: MailTexts,
    private readonly links: PasswordLinks,
  ) {}

  onModuleInit(): void {
    if (this.mailer.isConfigured)
      onListening(this.adapter, () => this.jobs.process(QUEUE, ({ id }) => this.send(id)));
  }

  /** False: no mail server is set up, so no mails are sent. */
  get isConfigured(): boolean {
    return this.mailer.isConfigured;
  }

  /**
   * Called in the transaction that invites: the mails are sent only if it commits. Earlier password links end after the
   * mails are replaced: a job locks its mail before its link, too.
   */
  async enqueue(invitationIds: readonly string[]): Promise<void> {
    if (this.mailer.isConfigured && invitationIds.length > 0)
      await this.jobs.enqueue(QUEUE, await this.mails.insert(invitationIds));
    await this.links.revokeOfInvitations(invitationIds);
  }

  /** As `enqueue`, for invitations that may have been mailed before: an earlier mail says nothing of this sending. */
  async enqueueAgain(invitationIds: readonly string[]): Promise<void> {
    if (!this.isConfigured) await this.mails.remove(invitationIds);
    await this.enqueue(invitationIds);
  }

  private async send(jobId: string): Promise<JobOutcome> {
    const email = await this.mails.findDue(jobId);
    if (!email) return 'done';
    const passwordLink = this.links.areMailed && !email.hasPassword ? this.links.newMailLink() : null;
    const links = { link: this.links.home, passwordLink: passwordLink && passwordLink.url };
    const content = this.texts.render('invitation', email.language, (language) =>
      invitationValues(email, links, language),
    );
    const mail = { id: jobId, to: email.email, ...content };
    const { outcome } = await this.mailer.send(mail, () => this.claim(jobId, email, passwordLink));
    if (outcome === 'refused' || outcome === 'refused-for-good') {
      if (passwordLink) await this.links.withdraw(passwordLink);
      await this.mails.releaseHandover(jobId);
    }
    return MAIL_OUTCOME[outcome];
  }

  private claim(
    jobId: string,
    { id: invitationId, orgId, email }: InvitationEmail,
    link: MailLink | null,
  ): Promise<boolean> {
    const claim = () => this.mails.claimHandover(jobId);
    if (!link) return claim();
    const target = { purpose: 'invitation', email, orgId, invitationId, userId: null } as const;
    return this.links.issueByMail({ link, target, auditOrgId: orgId }, claim);
  }
}
