import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import { MailServerNotConfigured } from '../../../common/mail/errors.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { MailTexts } from '../../../common/mail/mail-texts.js';
import { newId } from '../../../database/statements/new-id.js';
import { OrgsRepository } from '../../orgs/index.js';
import { LoginThrottle } from '../../passwords/index.js';
import { SsoLookupService } from '../../settings/index.js';
import { EmailOfAnotherUser, MailNotAccepted, ProviderNotFound } from './core/errors.js';
import { type ConfirmationLink, ConfirmationLinks, LINK_HOURS } from './confirmation-links.js';

@Injectable()
export class SendConfirmation {
  constructor(
    private readonly providers: SsoLookupService,
    private readonly links: ConfirmationLinks,
    private readonly orgs: OrgsRepository,
    private readonly texts: MailTexts,
    private readonly mailer: Mailer,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws EmailOfAnotherUser, ProviderNotFound, MailServerNotConfigured, TooManyRequests or MailNotAccepted */
  async run(principal: UserPrincipal, target: { email: string; providerId: string }): Promise<void> {
    if (canonicalSearchEmail(target.email) !== principal.email) throw new EmailOfAnotherUser();
    const orgId = await this.providers.findOrgOfMember(principal.userId, target.providerId);
    if (orgId === null) throw new ProviderNotFound();
    const link = this.mailer.isConfigured ? this.links.create() : null;
    if (!link) throw new MailServerNotConfigured();
    await this.throttle.hitFor('confirm email of', principal.userId);
    await this.send(principal, orgId, link);
  }

  /** Stores the link when the mail server is ready for the mail: a refused one leaves the previous link valid. */
  private async send(principal: UserPrincipal, orgId: string, link: ConfirmationLink): Promise<void> {
    let failure: unknown;
    const keepLink = () =>
      this.links.replace(principal, orgId, link).then(
        () => true,
        (error: unknown) => {
          failure = error;
          return false;
        },
      );
    const { mailLanguage } = await this.orgs.get(orgId);
    const values = { email: principal.email, link: link.url, hours: String(LINK_HOURS) };
    const content = this.texts.render('confirmation', mailLanguage, () => values);
    const delivery = await this.mailer.send({ id: newId(), to: principal.email, ...content }, keepLink);
    if (delivery.outcome === 'withdrawn') throw failure;
    if (delivery.outcome === 'refused' || delivery.outcome === 'refused-for-good') {
      await this.links.remove(principal, link);
      throw new MailNotAccepted();
    }
  }
}
