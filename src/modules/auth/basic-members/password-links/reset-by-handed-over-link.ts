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
} from '../../passwords/index.js';
import { HandedOverLink } from './handed-over-link.js';

/** Sets the password of a member by a handed-over link, which proves nothing. */
@Injectable()
export class ResetByHandedOverLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly handedOver: HandedOverLink,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLinkNotFound or PasswordLinkUsed */
  async run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<void> {
    const userId = required(link.userId, 'the user of the link');
    const orgId = required(link.orgId, 'the organization of the link');
    const adminId = required(link.handedOverByUserId, 'the admin of the link');
    await this.transaction.runInOrg(orgId, async () => {
      await this.handedOver.assertMayReset({ orgId, adminId, userId });
      if (!(await this.links.findOwner(link))) throw new PasswordLinkNotFound();
      await this.links.consume(link);
      const chosen = { chosenBy: 'organization_admin', vouchingOrgId: orgId } as const;
      await this.passwords.choose({ userId, digest }, chosen);
      const details = auditDetailsOf('used', link);
      await this.audit.record({ userId, orgId, request }, 'update_basic_auth_user', [userId], { details });
    });
  }
}
