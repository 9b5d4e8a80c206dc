import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { MailTexts, type RenderedMail } from '../../common/mail/mail-texts.js';
import { Mailer } from '../../common/mail/mailer.js';
import { Config } from '../../config/config.js';
import { Sql, type Statement } from '../transactions/sql.js';
import { JobQueue, type JobOutcome, MAIL_OUTCOME } from './job-queue.js';
import { type Sweep, sweep } from './sweep.statements.js';

/**
 * `claim` writes the row unless the mail was sent: after that, no other worker sends it. `release` follows if the mail
 * server refused the mail, and `refuse` if it did for good. $1: its id; $2: the code of the refusal.
 */
type Handover = { readonly claim: Statement; readonly release: Statement; readonly refuse?: Statement };

/** The rows of a kind of mail. The id of each is that of its job. */
type QueuedMails<Email> = {
  readonly handover: Handover;
  /** Null if it was sent, or is no longer true. */
  find(id: string): Promise<Email | null>;
  /** For a mail with a link: stores the link if `claim` returns true. */
  issueLink?(email: Email, claim: () => Promise<boolean>): Promise<boolean>;
  /** The mail server refused the mail. */
  withdrawLink?(email: Email): Promise<void>;
};

/** The statements on a table of mails, which has the columns `id`, `created_at` and `handed_over_at`. */
export const mailHandover = (table: string): Handover & { readonly old: Sweep } => ({
  claim: {
    name: `${table}_hand_over`,
    text: `update ${table} set handed_over_at = now() where id = $1 and handed_over_at is null`,
  },
  release: {
    name: `${table}_take_back`,
    text: `update ${table} set handed_over_at = null where id = $1`,
  },
  /** Jobs are retried for a day. */
  old: sweep(table, { key: 'id', time: 'created_at', daysLater: 2 }),
});

/** @param consoleUrl null: there is no console, or its address is unknown */
type Render<Email> = (email: Email, texts: MailTexts, consoleUrl: string | null) => RenderedMail;

/** Sends mails after the transactions that insert them (docs/decisions/0016-mail-after-commit.md). */
@Injectable()
export class MailQueue {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly sql: Sql,
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
    const { claim, release, refuse } = mails.handover;
    const claimHandover = async () => (await this.sql.affected(claim, [id])) === 1;
    const { outcome, code } = await this.mailer.send(mail, () =>
      mails.issueLink ? mails.issueLink(email, claimHandover) : claimHandover(),
    );
    if (outcome === 'refused' || outcome === 'refused-for-good') {
      await mails.withdrawLink?.(email);
      await this.sql.affected(release, [id]);
      if (code && refuse) await this.sql.affected(refuse, [id, code]);
    }
    return MAIL_OUTCOME[outcome];
  }

  private get consoleUrl(): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return consoleIsEnabled ? publicUrl && `${publicUrl}/console` : null;
  }
}
