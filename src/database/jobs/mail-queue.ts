import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { MailTexts, type RenderedMail } from '../../common/mail/mail-texts.js';
import { Mailer } from '../../common/mail/mailer.js';
import { Config } from '../../config/config.js';
import { JobQueue, type JobOutcome, MAIL_OUTCOME } from './job-queue.js';

/** The rows of a kind of mail. The id of each is that of its job. */
export type QueuedMails<Email> = {
  /** Null if it was sent, or is no longer true. */
  find(id: string): Promise<Email | null>;
  /** False if it was sent. After true, no other worker sends it. */
  claimHandover(id: string): Promise<boolean>;
  /** Called if the mail server refused the mail. */
  releaseHandover(id: string): Promise<void>;
};

/** @param consoleUrl null: there is no console, or its address is unknown */
type Render<Email> = (email: Email, texts: MailTexts, consoleUrl: string | null) => RenderedMail;

/** Sends mails after the transactions that insert them (docs/decisions/0016-mail-after-commit.md). */
@Injectable()
export class MailQueue {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly texts: MailTexts,
    private readonly config: Config,
  ) {}

  /** False: no mail server is set up. */
  get isConfigured(): boolean {
    return this.mailer.isConfigured;
  }

  /** In `onModuleInit`. Does nothing without a mail server. */
  process<Email extends { readonly email: string }>(
    queue: string,
    mails: QueuedMails<Email>,
    render: Render<Email>,
  ): void {
    if (this.isConfigured)
      onListening(this.adapter, () => this.jobs.process(queue, ({ id }) => this.send(id, mails, render)));
  }

  /** Called in the transaction that inserts the mails. */
  async enqueue(queue: string, mailIds: readonly string[]): Promise<void> {
    if (mailIds.length > 0) await this.jobs.enqueue(queue, mailIds);
  }

  private async send<Email extends { readonly email: string }>(
    id: string,
    mails: QueuedMails<Email>,
    render: Render<Email>,
  ): Promise<JobOutcome> {
    const email = await mails.find(id);
    if (!email) return 'done';
    const mail = { id, to: email.email, ...render(email, this.texts, this.consoleUrl) };
    const { outcome } = await this.mailer.send(mail, () => mails.claimHandover(id));
    if (outcome === 'refused' || outcome === 'refused-for-good') await mails.releaseHandover(id);
    return MAIL_OUTCOME[outcome];
  }

  private get consoleUrl(): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return consoleIsEnabled ? publicUrl && `${publicUrl}/console` : null;
  }
}

const MAX_NAME_LENGTH = 100;

/** A name as mails show it. */
export const truncated = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
