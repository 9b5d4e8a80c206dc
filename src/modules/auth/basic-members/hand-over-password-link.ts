import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { required } from '../../../common/collections.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { auditDetailsOf, PasswordLinks, PasswordsService } from '../../passwords/index.js';
import { HandedOverLink, type Target } from './handed-over-link.js';
import { PasswordLinksAreMailed } from './errors.js';

/** `token` and `url` are returned once, to the admin who hands them over. */
export type NewHandedOverLink = {
  readonly token: string;
  readonly url: string | null;
  readonly expiresAt: Date;
};

/** The link counts as a password that the admin chooses (docs/contract/passwords.md#password-links). */
@Injectable()
export class HandOverPasswordLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly passwords: PasswordsService,
    private readonly handedOver: HandedOverLink,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLinksAreMailed and what {@link HandedOverLink.targetOfMember} throws */
  forMember(principal: OrgPrincipal, membershipId: string): Promise<NewHandedOverLink> {
    return this.run(principal, () => this.handedOver.targetOfMember(principal, membershipId));
  }

  /** @throws PasswordLinksAreMailed and what {@link HandedOverLink.targetOfInvitation} throws */
  forInvitation(principal: OrgPrincipal, invitationId: string): Promise<NewHandedOverLink> {
    return this.run(principal, () => this.handedOver.targetOfInvitation(principal, invitationId));
  }

  private async run(principal: OrgPrincipal, findTarget: () => Promise<Target>): Promise<NewHandedOverLink> {
    this.passwords.assertEnabled();
    if (this.links.areMailed) throw new PasswordLinksAreMailed();
    const { token, digest } = this.links.newSecret();
    const issued = await this.transaction.as(principal, async () => {
      const link = handedOver(principal, await findTarget());
      const resourceId = required(link.userId ?? link.invitationId, 'the target of the link');
      const details = auditDetailsOf('issued', link);
      await this.audit.record(principal, 'update_basic_auth_user', [resourceId], { details });
      return required(await this.links.issue(digest, link), 'the link');
    });
    return { token, url: this.links.urlOf(token), expiresAt: issued.expiresAt };
  }
}

const handedOver = ({ orgId, userId }: OrgPrincipal, target: Target) => ({
  ...target,
  purpose: target.invitationId === null ? ('account' as const) : ('invitation' as const),
  orgId,
  handedOverByUserId: required(userId, 'the user of a session'),
});
