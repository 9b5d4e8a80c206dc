import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../../common/access/principal.js';
import { canonicalSearchEmail } from '../../../../common/email/canonical-email.js';
import { MailServerNotConfigured } from '../../../../common/mail/mail.errors.js';
import { Mailer } from '../../../../common/mail/mailer.js';
import { secretDigest } from '../../../../common/secrets/secret-digest.js';
import { Config } from '../../../../config/config.js';
import { newId } from '../../../../database/statements/new-id.js';
import { LoginThrottle } from '../../../passwords/index.js';
import { ConfirmationLinks } from './confirmation-links.js';
import { ConfirmationMail } from './confirmation-mail.js';
import { EmailOfAnotherUser, MailNotAccepted } from './email-confirmation.errors.js';
import { UserProviders } from './user-providers.js';

/** Sends a confirmation link to the e-mail address of the caller's account. */
@Injectable()
export class SendConfirmation {
  constructor(
    private readonly links: ConfirmationLinks,
    private readonly providers: UserProviders,
    private readonly mailer: Mailer,
    private readonly mail: ConfirmationMail,
    private readonly throttle: LoginThrottle,
    private readonly config: Config,
  ) {}

  async run(principal: UserPrincipal, target: { email: string; providerId: string }): Promise<void> {
    if (canonicalSearchEmail(target.email) !== principal.email) throw new EmailOfAnotherUser();
    const orgId = await this.providers.getOrg(principal.userId, target.providerId);
    const { publicUrl } = this.config.server;
    if (!this.mailer.isConfigured || !publicUrl) throw new MailServerNotConfigured();
    await this.throttle.hitForUser('confirm email of', principal.userId);
    const token = randomBytes(32).toString('base64url');
    const link = `${publicUrl}/sso/email-verification?token=${token}`;
    await this.send(principal, orgId, { link, digest: secretDigest(this.config.apiKeys.salt, token) });
  }

  /**
   * Stores the link before the mail is sent, so that it works on arrival, but only when the mail server is ready for
   * the message: a server that refuses the mail leaves the previous link valid.
   */
  private async send(principal: UserPrincipal, orgId: string, { link, digest }: Link): Promise<void> {
    let failure: unknown;
    const keepLink = () =>
      this.links.replace(principal, orgId, digest).then(
        () => true,
        (error: unknown) => {
          failure = error;
          return false;
        },
      );
    const content = await this.mail.render(orgId, { email: principal.email, link });
    const delivery = await this.mailer.send({ id: newId(), to: principal.email, ...content }, keepLink);
    if (delivery.outcome === 'withdrawn') throw failure;
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good') {
      await this.links.remove(principal, digest);
      throw new MailNotAccepted();
    }
  }
}

type Link = { link: string; digest: Buffer };
