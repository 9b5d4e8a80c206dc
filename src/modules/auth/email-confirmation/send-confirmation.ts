import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { searchedEmail } from '../../../common/email/canonical-email.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/new-id.js';
import { LoginThrottle } from '../login-throttle.js';
import { confirmationLetter } from './confirmation-letter.js';
import { ConfirmationLinks, LINK_HOURS } from './confirmation-links.js';
import { MailNotTaken, NoMailServer, NotYourAddress } from './email-confirmation.errors.js';
import { ProvidersOfPerson } from './providers-of-person.js';

/** Sends a link to the address of the caller's account; following it proves the address. */
@Injectable()
export class SendConfirmation {
  private readonly log = new Logger(SendConfirmation.name);

  constructor(
    private readonly links: ConfirmationLinks,
    private readonly providers: ProvidersOfPerson,
    private readonly mailer: Mailer,
    private readonly throttle: LoginThrottle,
    private readonly config: Config,
  ) {}

  async run(person: UserPrincipal, wanted: { email: string; providerId: string }): Promise<void> {
    if (searchedEmail(wanted.email) !== person.email) throw new NotYourAddress();
    const orgId = await this.providers.orgOf(person.userId, wanted.providerId);
    const { publicUrl } = this.config.server;
    if (!this.mailer.isSetUp || !publicUrl) throw new NoMailServer();
    await this.throttle.hitOwn('confirm email of', person.userId);
    const token = randomBytes(32).toString('base64url');
    const link = `${publicUrl}/sso/email-verification?token=${token}`;
    await this.send(person, orgId, { link, digest: secretDigest(this.config.apiKeys.salt, token) });
  }

  /**
   * The link is kept before the text leaves, so that it works whenever it arrives, and not before the server waits for
   * the text: one that takes no mail leaves the last link as it was.
   */
  private async send(person: UserPrincipal, orgId: string, { link, digest }: Link): Promise<void> {
    let failure: unknown;
    const keep = () =>
      this.links.replace(person, orgId, digest).then(
        () => true,
        (error: unknown) => {
          failure = error;
          return false;
        },
      );
    const letter = confirmationLetter(link, LINK_HOURS);
    const delivery = await this.mailer.send({ id: newId(), to: person.email, ...letter }, keep);
    if (delivery.outcome === 'withdrawn') throw failure;
    if ('reason' in delivery) this.log.warn(`a confirmation mail, ${delivery.outcome}: ${delivery.reason}`);
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good') {
      await this.links.remove(person, digest);
      throw new MailNotTaken();
    }
  }
}

type Link = { link: string; digest: Buffer };
