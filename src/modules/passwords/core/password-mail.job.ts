import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../../common/background/lifecycle.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { MailTexts, type RenderedMail } from '../../../common/mail/mail-texts.js';
import { type JobOutcome, JobQueue, MAIL_OUTCOME } from '../../../database/jobs/job-queue.js';
import { LINK_HOURS, type MailLink, PasswordLinks } from './password-links.js';
import { type DuePasswordMail, PasswordLinksRepository } from './password-links.repository.js';

const QUEUE = 'password-mails';

/** To one account; asking again does not fill a mailbox. */
const PAUSE_MINUTES = 5;

/**
 * Sends links to set a password. Whether the address has an account is checked here, after the response to the request
 * (docs/contract/passwords.md#forgotten-passwords).
 */
@Injectable()
export class PasswordMailJob implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: PasswordLinksRepository,
    private readonly links: PasswordLinks,
    private readonly texts: MailTexts,
  ) {}

  onModuleInit(): void {
    if (this.links.areMailed)
      onListening(this.adapter, () => this.jobs.process(QUEUE, ({ id }) => this.send(id)));
  }

  /**
   * Called in a transaction: the mails are sent only if it commits. `orgId`: the organization whose admin made the
   * accounts; null: the password is forgotten.
   */
  async enqueue(emails: readonly string[], orgId: string | null): Promise<void> {
    if (!this.links.areMailed || emails.length === 0) return;
    await this.jobs.enqueue(QUEUE, await this.mails.insertMails(emails, orgId));
  }

  private async send(jobId: string): Promise<JobOutcome> {
    const due = await this.mails.findDueMail(jobId);
    if (!due) return 'done';
    const link = this.links.newMailLink();
    const mail = { id: jobId, to: due.email, ...this.render(due, link) };
    const { outcome } = await this.mailer.send(mail, () => this.claim(jobId, due, link));
    if (outcome === 'refused' || outcome === 'refused-for-good') {
      await this.links.withdraw(link);
      await this.mails.releaseMail(jobId);
    }
    return MAIL_OUTCOME[outcome];
  }

  private render(
    { email, orgId, orgName, fullName, language }: DuePasswordMail,
    { url }: MailLink,
  ): RenderedMail {
    const values = { email, name: fullName, link: url, hours: String(LINK_HOURS) };
    return orgId === null
      ? this.texts.render('password', language, () => values)
      : this.texts.render('account', language, () => ({ ...values, organization: orgName }));
  }

  private claim(jobId: string, due: DuePasswordMail, link: MailLink): Promise<boolean> {
    const { email, userId, orgId, auditOrgId } = due;
    const purpose = orgId === null ? 'forgotten' : 'account';
    const target = { purpose, email, userId, orgId, invitationId: null } as const;
    const pauseMinutes = orgId === null ? PAUSE_MINUTES : 0;
    return this.links.issueByMail({ link, target, auditOrgId, pauseMinutes }, () =>
      this.mails.claimMail(jobId),
    );
  }
}
