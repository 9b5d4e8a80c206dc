import { Injectable } from '@nestjs/common';
import { MailTexts, type RenderedMail } from '../../../../common/mail/texts/mail-texts.js';
import { OrgsService } from '../../../orgs/index.js';
import { LINK_HOURS } from './confirmation-links.js';

/** The mail that confirms an e-mail address by its link, in the language of the organization. */
@Injectable()
export class ConfirmationMail {
  constructor(
    private readonly texts: MailTexts,
    private readonly orgs: OrgsService,
  ) {}

  async render(orgId: string, given: { email: string; link: string }): Promise<RenderedMail> {
    const { mailLanguage } = await this.orgs.get(orgId);
    return this.texts.render('confirmation', mailLanguage, () => ({ ...given, hours: String(LINK_HOURS) }));
  }
}
