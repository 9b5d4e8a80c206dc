import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { required } from '../../../common/collections.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import {
  chosenByAdminOf,
  auditDetailsOf,
  type FoundPasswordLink,
  PasswordLinkNotFound,
  PasswordLinks,
  PasswordsService,
} from '../../passwords/index.js';
import { LoginAudit } from '../../sessions/index.js';
import { HandedOverLink } from './handed-over-link.js';

/**
 * A mailed link has proved the mailbox; a handed-over one proves nothing, and its use is decided under the roster lock.
 */
@Injectable()
export class ResetByLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly handedOver: HandedOverLink,
    private readonly transaction: Transaction,
    private readonly logins: LoginAudit,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLinkNotFound */
  async usableUntil(link: FoundPasswordLink): Promise<Date> {
    if (link.handedOverByUserId === null) await this.assertOwned(link);
    else await this.transaction.inOrganization(partsOf(link).orgId, () => this.assertMayReset(link));
    return link.expiresAt;
  }

  /** @throws PasswordLinkNotFound or PasswordLinkUsed */
  run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string> {
    return link.handedOverByUserId === null
      ? this.resetByMail(link, digest, request)
      : this.resetByAdmin(link, digest, request);
  }

  private resetByMail(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string> {
    const userId = required(link.userId, 'the user of the link');
    return this.transaction.run(async () => {
      await this.passwords.lockToChoose(userId);
      await this.assertOwned(link);
      await this.links.consume(link);
      await this.passwords.setProved({ userId, digest });
      const actor = await this.logins.findActor(userId, request);
      const details = auditDetailsOf('used', link);
      await this.audit.record(actor, 'update_basic_auth_user', [userId], { details });
      return userId;
    });
  }

  private resetByAdmin(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string> {
    const { userId, orgId } = partsOf(link);
    return this.transaction.inOrganization(orgId, async () => {
      await this.assertMayReset(link);
      await this.links.consume(link);
      await this.passwords.choose({ userId, digest }, chosenByAdminOf(orgId));
      const details = auditDetailsOf('used', link);
      await this.audit.record({ userId, orgId, request }, 'update_basic_auth_user', [userId], { details });
      return userId;
    });
  }

  private async assertMayReset(link: FoundPasswordLink): Promise<void> {
    await this.handedOver.assertMayReset(partsOf(link));
    await this.assertOwned(link);
  }

  private async assertOwned(link: FoundPasswordLink): Promise<void> {
    if (!(await this.links.findOwner(link))) throw new PasswordLinkNotFound();
  }
}

const partsOf = ({ userId, orgId, handedOverByUserId }: FoundPasswordLink) => ({
  userId: required(userId, 'the user of the link'),
  orgId: required(orgId, 'the organization of the link'),
  adminId: required(handedOverByUserId, 'the admin of the link'),
});
