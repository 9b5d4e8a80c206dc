import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { type MailTexts, type RenderedMail, shownName } from '../../../common/mail/mail-texts.js';
import { MailQueue } from '../../../database/jobs/mail-queue.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { LINK_HOURS, type MailLink, PasswordLinks } from './password-links.js';
import { type DuePasswordMail, PasswordLinksRepository } from './password-links.repository.js';

const QUEUE = 'password-mails';

/** To one account; asking again does not fill a mailbox. */
export const PAUSE_MINUTES = 5;

type PasswordMail = DuePasswordMail & { readonly userId: string; readonly link: MailLink };

/** Somebody asked for a link for an address that has no account that may sign in, but may be invited. */
export class LinkWithoutAccountRequested {
  constructor(readonly email: string) {}
}

/**
 * Sends links to set a password. Whether the address has an account is checked here, after the response to the request
 * (docs/contract/passwords.md#forgotten-passwords).
 */
@Injectable()
export class PasswordMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: PasswordLinksRepository,
    private readonly links: PasswordLinks,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    const mails = {
      handover: this.mails.handover,
      find: (id: string) => this.find(id),
      issueLink: (mail: PasswordMail, claim: () => Promise<boolean>) => this.issueLink(mail, claim),
      withdrawLink: ({ link }: PasswordMail) => this.links.withdraw(link),
    };
    if (this.links.areMailed) this.queue.process(QUEUE, mails, render);
  }

  /**
   * Called in a transaction: the mails are sent only if it commits. `orgId`: the organization whose admin made the
   * accounts; null: the password is forgotten.
   */
  async enqueue(emails: readonly string[], orgId: string | null): Promise<void> {
    if (!this.links.areMailed || emails.length === 0) return;
    await this.queue.enqueue(QUEUE, await this.mails.insertMails(emails, orgId));
  }

  private async find(id: string): Promise<PasswordMail | null> {
    const due = await this.mails.findDueMail(id);
    if (!due) return null;
    const { userId, orgId, email } = due;
    if (userId !== null) return { ...due, userId, link: this.links.newMailLink() };
    if (orgId === null)
      await this.transaction.run(() => this.events.publish(new LinkWithoutAccountRequested(email)));
    return null;
  }

  private issueLink(mail: PasswordMail, claim: () => Promise<boolean>): Promise<boolean> {
    const { email, userId, orgId, auditOrgId, link } = mail;
    const purpose = orgId === null ? 'forgotten' : 'account';
    const target = { purpose, email, userId, orgId, invitationId: null } as const;
    const pauseMinutes = orgId === null ? PAUSE_MINUTES : 0;
    return this.links.issueByMail({ link, target, auditOrgId, pauseMinutes }, claim);
  }
}

function render(
  { email, orgId, orgName, fullName, language, link }: PasswordMail,
  texts: MailTexts,
): RenderedMail {
  const values = { email, name: fullName && shownName(fullName), link: link.url, hours: String(LINK_HOURS) };
  return orgId === null
    ? texts.render('password', language, () => values)
    : texts.render('account', language, () => ({ ...values, organization: orgName && shownName(orgName) }));
}
