import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { whenServing } from '../../../common/http/when-serving.js';
import { type Delivery, Mailer } from '../../../common/mail/mailer.js';
import { Config } from '../../../config/config.js';
import { type JobEnd, JobQueue } from '../../../database/job-queue.js';
import { writeLetter } from './invitation-letter.js';
import { InvitationMailsRepository } from './invitation-mails.repository.js';

const QUEUE = 'invitation-mails';

/** Tells people by mail that they are invited, where the installation has a mail server; once per sending. */
@Injectable()
export class InvitationMails implements OnModuleInit {
  private readonly log = new Logger('InvitationMails');

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: InvitationMailsRepository,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (this.mailer.isSetUp)
      whenServing(this.adapter, () => this.jobs.serve(QUEUE, ({ id }) => this.send(id)));
  }

  /** In the transaction that invites: they are sent if it commits, and only then. */
  async plan(invitationIds: readonly string[]): Promise<void> {
    if (!this.mailer.isSetUp || invitationIds.length === 0) return;
    await this.jobs.add(QUEUE, await this.mails.plan(invitationIds));
  }

  private async send(jobId: string): Promise<JobEnd> {
    const letter = await this.mails.findDue(jobId);
    if (!letter) return 'done';
    const mail = { id: jobId, to: letter.email, ...writeLetter(letter, this.config.server.publicUrl) };
    return this.settle(jobId, await this.mailer.send(mail, () => this.mails.handOver(jobId)));
  }

  private async settle(jobId: string, delivery: Delivery): Promise<JobEnd> {
    if ('reason' in delivery)
      this.log.warn(`invitation mail ${jobId}, ${delivery.outcome}: ${delivery.reason}`);
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good')
      await this.mails.takeBack(jobId);
    return END_OF[delivery.outcome];
  }
}

/** Nobody knows whether an unanswered one arrived; it is not sent again unless somebody asks for that. */
const END_OF: Record<Delivery['outcome'], JobEnd> = {
  taken: 'done',
  withdrawn: 'done',
  unanswered: 'done',
  refused: 'again',
  'refused-for-good': 'never',
};
