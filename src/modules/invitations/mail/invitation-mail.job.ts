import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailQueue } from '../../../database/jobs/mail-queue.js';
import { type MailLink, PasswordLinks } from '../../passwords/index.js';
import { type InvitationEmail, invitationValues } from './invitation-email.js';
import { INVITATION_HANDOVER, InvitationMailsRepository } from './invitation-mails.repository.js';

const QUEUE = 'invitation-mails';

type InvitationMail = InvitationEmail & { readonly passwordLink: MailLink | null };

/**
 * Sends invitation e-mails if a mail server is configured, each at most once. With basic auth, the mail to a user without
 * a password carries a link to set one (docs/contract/passwords.md#password-links).
 */
@Injectable()
export class InvitationMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: InvitationMailsRepository,
    private readonly links: PasswordLinks,
  ) {}

  onModuleInit(): void {
    const mails = {
      handover: INVITATION_HANDOVER,
      find: (jobId: string) => this.find(jobId),
      issueLink: (mail: InvitationMail, claim: () => Promise<boolean>) => this.issueLink(mail, claim),
      withdrawLink: async ({ passwordLink }: InvitationMail) => {
        if (passwordLink) await this.links.withdraw(passwordLink);
      },
    };
    this.queue.process(QUEUE, mails, ({ passwordLink, ...email }, texts) => {
      const links = { link: this.links.home, passwordLink: passwordLink && passwordLink.url };
      return texts.render('invitation', email.language, (language) =>
        invitationValues(email, links, language),
      );
    });
  }

  /** False: no mail server is set up, so no mails are sent. */
  get isConfigured(): boolean {
    return this.queue.isConfigured;
  }

  /**
   * Called in the transaction that invites: the mails are sent only if it commits. Earlier password links end after the
   * mails are replaced: a job locks its mail before its link, too.
   */
  async enqueue(invitationIds: readonly string[]): Promise<void> {
    if (this.isConfigured && invitationIds.length > 0)
      await this.queue.enqueue(QUEUE, await this.mails.insert(invitationIds));
    await this.links.revokeOfInvitations(invitationIds);
  }

  /** As `enqueue`, for invitations that may have been mailed before: an earlier mail says nothing of this sending. */
  async enqueueAgain(invitationIds: readonly string[]): Promise<void> {
    if (!this.isConfigured) await this.mails.remove(invitationIds);
    await this.enqueue(invitationIds);
  }

  private async find(jobId: string): Promise<InvitationMail | null> {
    const email = await this.mails.findDue(jobId);
    if (!email) return null;
    const hasLink = this.links.areMailed && !email.hasPassword;
    return { ...email, passwordLink: hasLink ? this.links.newMailLink() : null };
  }

  private issueLink(
    { id: invitationId, orgId, email, passwordLink: link }: InvitationMail,
    claim: () => Promise<boolean>,
  ): Promise<boolean> {
    if (!link) return claim();
    const target = { purpose: 'invitation', email, orgId, invitationId, userId: null } as const;
    return this.links.issueByMail({ link, target, auditOrgId: orgId }, claim);
  }
}
