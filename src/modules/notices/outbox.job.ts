import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Dispatcher } from '../../common/background/periodic-task.js';
import { onListening } from '../../common/background/lifecycle.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { MailTexts } from '../../common/mail/mail-texts.js';
import { Mailer } from '../../common/mail/mailer.js';
import { inTraceOf } from '../../common/tracing/trace-context.js';
import { Config } from '../../config/config.js';
import type { MailKind, WrittenMail } from './mail-kind.js';
import { type ClaimedMail, MailsRepository, type NewMail, statementsOf } from './mails.repository.js';

/** Of each kind, in this process. */
const MOST_AT_ONCE = 5;
const STOP_WITHIN_MS = 8_000;

type Written = { readonly to: string; readonly mail: WrittenMail };

type Kind = {
  running: number;
  /** Null: nothing is to be sent. */
  write(id: string): Promise<Written | null>;
  claim(id: string): Promise<boolean>;
};

/** Sends mails after the transactions that want them (docs/decisions/0123-one-outbox-for-mails.md). */
@Injectable()
export class OutboxJob extends Dispatcher implements OnModuleInit, BeforeApplicationShutdown {
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly mails: MailsRepository,
    private readonly texts: MailTexts,
    private readonly config: Config,
  ) {
    super(new Logger(OutboxJob.name), {
      search: 'look for mails',
      work: 'send a mail',
      stopWithinMs: STOP_WITHIN_MS,
    });
  }

  onModuleInit(): void {
    if (this.isConfigured) onListening(this.adapter, () => this.listen());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** False: no mail server is set up. */
  get isConfigured(): boolean {
    return this.mailer.isConfigured;
  }

  /** Called while modules are initialized. */
  add<Mail extends { readonly email: string }>(kind: MailKind<Mail>): void {
    const { find, claim } = statementsOf(kind);
    const write = async (id: string): Promise<Written | null> => {
      const found = await this.mails.find<Mail>(find, id);
      const mail = found && (await kind.write(found, this.texts, (...page) => this.pageOf(...page)));
      return found && mail && { to: found.email, mail };
    };
    this.kinds.set(kind.name, { running: 0, write, claim: (id) => this.mails.claim(claim, id) });
  }

  /** In the transaction that wants the mails. `pauseMinutes`: not after another mail about the invitation within these. */
  async queue(
    kind: string,
    mails: readonly NewMail[],
    { pauseMinutes = null }: { pauseMinutes?: number | null } = {},
  ): Promise<void> {
    if (this.isConfigured && mails.length > 0) await this.mails.insert(kind, mails, pauseMinutes);
  }

  /** In a transaction: what was sent about invitations before is no longer shown. */
  removeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    return this.mails.removeOfInvitations(invitationIds);
  }

  protected async search(): Promise<void> {
    const room = new Map([...this.kinds].map(([name, { running }]) => [name, MOST_AT_ONCE - running]));
    for (const mail of await this.mails.claimDue(room)) {
      const kind = this.kinds.get(mail.kind);
      if (!kind) continue;
      kind.running += 1;
      this.start(this.run(kind, mail), () => (kind.running -= 1));
    }
  }

  protected bringForward(): Promise<void> {
    return this.mails.bringForward();
  }

  private async run(kind: Kind, { id, kind: name, traceparent }: ClaimedMail): Promise<boolean> {
    const span = { name: `job ${name}`, kind: 'consumer' } as const;
    await inTraceOf(traceparent ?? undefined, span, () =>
      this.send(kind, id).catch((error: unknown) => {
        logFailure(this.log, `${name} ${id} failed and will be retried`, error);
        return this.mails.retry(id, false);
      }),
    );
    return true;
  }

  /** A mail of which it is unknown whether the mail server has taken it counts as sent. */
  private async send(kind: Kind, id: string): Promise<void> {
    const written = await kind.write(id);
    if (!written) return this.mails.abandon(id);
    const { link, ...content } = written.mail;
    let mayBeClaimed = false;
    const claim = () => {
      mayBeClaimed = true; // also if the database does not respond
      return kind.claim(id);
    };
    const { outcome, code } = await this.mailer.send({ id, to: written.to, ...content }, () =>
      link ? link.issue(claim) : claim(),
    );
    if (outcome === 'withdrawn') return this.mails.abandon(id);
    if (outcome !== 'refused' && outcome !== 'refused-for-good') return;
    await link?.withdraw();
    if (outcome === 'refused') await this.mails.retry(id, mayBeClaimed);
    else await this.mails.refuse(id, mayBeClaimed, code ?? null);
  }

  private pageOf(orgId: string, path: string): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return consoleIsEnabled && publicUrl !== null
      ? `${publicUrl}/console/organizations/${orgId}/${path}`
      : null;
  }
}
