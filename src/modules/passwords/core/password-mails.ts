import { Injectable, type OnModuleInit } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/canonical-email.js';
import { EventBus } from '../../../common/event-bus.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { MailServerNotConfigured } from '../../../common/mail/errors.js';
import { type MailTexts, shownName } from '../../../common/mail/mail-texts.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { OutboxJob, type WrittenMail } from '../../notices/index.js';
import { LoginThrottle } from './login-throttle.js';
import { LINK_HOURS, PasswordLinks } from './password-links.js';
import { DUE_PASSWORD_MAIL, type DuePasswordMail } from './password-links.repository.js';
import { PasswordsService } from './passwords.service.js';

const KIND = 'password-mails';

/** To one account; asking again does not fill a mailbox. */
export const PAUSE_MINUTES = 5;

/** Somebody asked for a link for an address that has no account that may sign in, but may be invited. */
export class LinkWithoutAccountRequested {
  constructor(readonly email: string) {}
}

/** Accounts are looked up after the response (docs/contract/passwords.md#forgotten-passwords). */
@Injectable()
export class PasswordMails implements OnModuleInit {
  constructor(
    private readonly outbox: OutboxJob,
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly throttle: LoginThrottle,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    if (!this.links.areMailed) return;
    this.outbox.add<DuePasswordMail>({
      name: KIND,
      ...DUE_PASSWORD_MAIL,
      write: (mail, texts) => this.write(mail, texts),
    });
  }

  /** The job looks for the account. @throws PasswordLoginDisabled, MailServerNotConfigured or TooManyRequests */
  async request(address: string, { clientHost }: RequestMetadata): Promise<void> {
    this.passwords.assertEnabled();
    if (!this.links.areMailed) throw new MailServerNotConfigured();
    const email = canonicalEmailOrNull(address);
    await this.throttle.admitLink(clientHost);
    if (email === null) return; // belongs to no account
    await this.throttle.hitFor('password link for', email);
    await this.transaction.run(() => this.queue([email], null));
  }

  /** In the caller's transaction. `orgId`: of the admin who made the accounts; null: the password is forgotten. */
  async queue(emails: readonly string[], orgId: string | null): Promise<void> {
    if (!this.links.areMailed) return;
    await this.outbox.queue(
      KIND,
      emails.map((email) => ({ email, orgId })),
    );
  }

  private async write(mail: DuePasswordMail, texts: MailTexts): Promise<WrittenMail | null> {
    const { email, userId, orgId, auditOrgId, fullName, orgName, language } = mail;
    if (userId === null) {
      if (orgId === null)
        await this.transaction.run(() => this.events.publish(new LinkWithoutAccountRequested(email)));
      return null;
    }
    const purpose = orgId === null ? 'forgotten' : 'account';
    const pauseMinutes = orgId === null ? PAUSE_MINUTES : 0;
    const target = { purpose, email, userId, orgId, invitationId: null, auditOrgId, pauseMinutes } as const;
    const link = this.links.forMail(target);
    const values = {
      email,
      name: fullName && shownName(fullName),
      link: link.url,
      hours: String(LINK_HOURS),
    };
    const organization = orgName && shownName(orgName);
    const text =
      orgId === null
        ? texts.render('password', language, () => values)
        : texts.render('account', language, () => ({ ...values, organization }));
    return { ...text, link };
  }
}
