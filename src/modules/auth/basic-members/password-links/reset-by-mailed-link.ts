import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { required } from '../../../../common/required.js';
import { Transaction } from '../../../../database/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import {
  auditDetailsOf,
  type FoundPasswordLink,
  PasswordLinkNotFound,
  PasswordLinks,
  PasswordsService,
} from '../../../passwords/index.js';
import { LoginAudit } from '../../../sessions/index.js';

/** Sets the password of an account by a mailed link, which has proved the mailbox. */
@Injectable()
export class ResetByMailedLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly transaction: Transaction,
    private readonly logins: LoginAudit,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLinkNotFound */
  async assertUsable(link: FoundPasswordLink): Promise<void> {
    if (!(await this.links.findOwner(link))) throw new PasswordLinkNotFound();
  }

  /** @throws PasswordLinkNotFound or PasswordLinkUsed */
  run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string> {
    const userId = required(link.userId, 'the user of the link');
    return this.transaction.run(async () => {
      await this.passwords.lockToChoose(userId);
      await this.assertUsable(link);
      await this.links.consume(link);
      await this.passwords.setProved({ userId, digest });
      const actor = await this.logins.findActor(userId, request);
      const details = auditDetailsOf('used', link);
      await this.audit.record(actor, 'update_basic_auth_user', [userId], { details });
      return userId;
    });
  }
}
