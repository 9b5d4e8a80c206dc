import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/new-id.js';
import { AuditTrail } from '../../audit/index.js';
import { LoginThrottle } from '../login-throttle.js';
import { confirmationLetter } from './confirmation-letter.js';
import { MailNotTaken, NoMailServer, NotYourAddress } from './email-confirmation.errors.js';
import { EmailConfirmationsRepository } from './email-confirmations.repository.js';
import { ProvidersOfPerson } from './providers-of-person.js';

const HOURS = 24; // semantics, section 7

/** Sends a link to the address of the caller's account; following it proves the address. */
@Injectable()
export class SendConfirmation {
  private readonly log = new Logger(SendConfirmation.name);

  constructor(
    private readonly confirmations: EmailConfirmationsRepository,
    private readonly providers: ProvidersOfPerson,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly throttle: LoginThrottle,
    private readonly config: Config,
  ) {}

  /** The row is there before the mail is, so that the link works whenever it arrives. */
  async run(person: UserPrincipal, wanted: { email: string; providerId: string }): Promise<void> {
    if (searchedEmail(wanted.email) !== person.email) throw new NotYourAddress();
    const orgId = await this.providers.orgOf(person.userId, wanted.providerId);
    const { publicUrl } = this.config.server;
    if (!this.mailer.isSetUp || !publicUrl) throw new NoMailServer();
    await this.throttle.hitOwn('confirm email of', person.userId);
    const token = randomBytes(32).toString('base64url');
    const digest = secretDigest(this.config.apiKeys.salt, token);
    const expiresAt = new Date(Date.now() + HOURS * 3_600_000);
    await this.confirmations.upsert({ userId: person.userId, digest, email: person.email, expiresAt });
    const link = `${publicUrl}/sso/email-verification?token=${token}`;
    const mail = { id: newId(), to: person.email, ...confirmationLetter(link, HOURS) };
    const delivery = await this.mailer.send(mail, () => Promise.resolve(true));
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good') {
      this.log.warn(`a confirmation mail was not taken: ${delivery.reason}`);
      await this.confirmations.remove({ userId: person.userId, digest });
      throw new MailNotTaken();
    }
    await this.audit.record(person, 'send_sso_email_confirmation', [person.userId], { orgId });
  }
}
