import { Injectable } from '@nestjs/common';
import { required } from '../../../common/required.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { auditDetailsOf, type LinkTarget, PasswordLinks } from './password-links.js';

/** A password link in a mail that is not sent yet; the token exists only in this process and in the mail. */
export type MailLink = { readonly url: string; readonly digest: Buffer };

type Issued = {
  readonly link: MailLink;
  readonly target: Omit<LinkTarget, 'handedOverByUserId'>;
  /** Whose audit log says that the link was issued. */
  readonly auditOrgId: string | null;
  readonly pauseMinutes?: number;
};

/** The links that mails carry. */
@Injectable()
export class MailLinks {
  constructor(
    private readonly links: PasswordLinks,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Of the installation; null without LANGSMITH_URL. */
  get home(): string | null {
    return this.config.server.publicUrl;
  }

  get includePasswordLinks(): boolean {
    return this.links.areMailed;
  }

  create(): MailLink {
    const { token, digest } = this.links.newSecret();
    return { url: required(this.links.urlOf(token), 'LANGSMITH_URL'), digest };
  }

  /**
   * Stores the link before the text of its mail is sent, so that it works on arrival. `claim`: whether the mail is still
   * due. False if it is not, or if an unused link is younger than `pauseMinutes`.
   */
  issue({ link, target, auditOrgId, pauseMinutes }: Issued, claim: () => Promise<boolean>): Promise<boolean> {
    const mailed = { ...target, handedOverByUserId: null };
    return this.transaction.run(async () => {
      if (!(await claim())) return false;
      if (!(await this.links.issue(link.digest, mailed, { pauseMinutes }))) return false;
      const resourceId = required(target.userId ?? target.invitationId, 'the target of the link');
      const actor = { userId: null, orgId: auditOrgId, request: null };
      const details = auditDetailsOf('issued', mailed);
      await this.audit.record(actor, 'update_basic_auth_user', [resourceId], { details });
      return true;
    });
  }

  /** The mail server refused the mail; a later attempt makes another link. */
  withdraw({ digest }: MailLink): Promise<void> {
    return this.links.withdraw(digest);
  }

  /** The invitations are sent again. */
  async revokeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    if (this.links.areUsed) await this.links.revokeOfInvitations(invitationIds);
  }
}
