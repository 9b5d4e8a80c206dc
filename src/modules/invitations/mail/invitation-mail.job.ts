import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { MailQueue } from '../../../database/jobs/mail-queue.js';
import {
  LinkWithoutAccountRequested,
  type MailLink,
  PasswordLinks,
  PAUSE_MINUTES,
} from '../../passwords/index.js';
import { type InvitationEmail, invitationValues } from './invitation-email.js';
import { INVITATION_HANDOVER, InvitationMailsRepository } from './invitation-mails.repository.js';

const QUEUE = 'invitation-mails';

type InvitationMail = InvitationEmail & { readonly passwordLink: MailLink | null };

/**
 * Sends invitation e-mails if a mail server is configured, each at most once. With basic auth, the mail to a person
 * without an account in use carries a link to set a password (docs/contract/passwords.md#password-links).
 */
@Injectable()
export class InvitationMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: InvitationMailsRepository,
    private readonly links: PasswordLinks,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on(LinkWithoutAccountRequested, ({ email }) => this.sendAgain(email));
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
    const hasLink = this.links.areMailed && !email.hasAccount;
    return { ...email, passwordLink: hasLink ? this.links.newMailLink() : null };
  }

  /** The link in the mail replaces the earlier one when it is sent (docs/contract/passwords.md#forgotten-passwords). */
  private async sendAgain(email: string): Promise<void> {
    const id = await this.mails.insertAgain(email, PAUSE_MINUTES);
    if (id !== null) await this.queue.enqueue(QUEUE, [id]);
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
