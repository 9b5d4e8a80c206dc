import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../../common/http/on-listening.js';
import { type Delivery, Mailer } from '../../../common/mail/mailer.js';
import { MailTexts } from '../../../common/mail/texts/mail-texts.js';
import { Config } from '../../../config/config.js';
import { type JobOutcome, JobQueue } from '../../../database/job-queue.js';
import { invitationValues } from './invitation-email.js';
import { InvitationMailsRepository } from './invitation-mails.repository.js';

const QUEUE = 'invitation-mails';

/** Sends invitation e-mails if a mail server is configured, each at most once. */
@Injectable()
export class InvitationMailJob implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: InvitationMailsRepository,
    private readonly texts: MailTexts,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (this.mailer.isConfigured)
      onListening(this.adapter, () => this.jobs.process(QUEUE, ({ id }) => this.send(id)));
  }

  /** Called in the transaction that invites: the mails are sent only if it commits. */
  async enqueue(invitationIds: readonly string[]): Promise<void> {
    if (!this.mailer.isConfigured || invitationIds.length === 0) return;
    await this.jobs.enqueue(QUEUE, await this.mails.insert(invitationIds));
  }

  private async send(jobId: string): Promise<JobOutcome> {
    const email = await this.mails.findDue(jobId);
    if (!email) return 'done';
    const link = this.config.server.publicUrl;
    const content = this.texts.render('invitation', email.language, (language) =>
      invitationValues(email, link, language),
    );
    const mail = { id: jobId, to: email.email, ...content };
    return this.finish(jobId, await this.mailer.send(mail, () => this.mails.claimHandover(jobId)));
  }

  private async finish(jobId: string, delivery: Delivery): Promise<JobOutcome> {
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good')
      await this.mails.releaseHandover(jobId);
    return OUTCOME_OF[delivery.outcome];
  }
}

/** `unanswered`: the mail may have arrived, so it is sent again only by an explicit resend. */
const OUTCOME_OF: Record<Delivery['outcome'], JobOutcome> = {
  taken: 'done',
  withdrawn: 'done',
  unanswered: 'done',
  refused: 'retry',
  'refused-for-good': 'discard',
};
