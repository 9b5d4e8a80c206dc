import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Mailer } from '../../../common/mail/mailer.js';
import { required } from '../../../common/collections.js';
import { secretDigest } from '../../../common/secrets/credential-formats.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import type { MailedLink } from '../../notices/index.js';
import { PasswordLinkExpired, PasswordLinkNotFound, PasswordLinkUsed } from './errors.js';
import {
  type FoundPasswordLink,
  type NewPasswordLink,
  PasswordLinksRepository,
} from './password-links.repository.js';

export const LINK_HOURS = 24; // docs/contract/passwords.md#password-links
const HUNDRED_YEARS = 100 * 365 * 24; // hours
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/; // TOKEN_BYTES in base64url

type LinkSecret = { readonly token: string; readonly digest: Buffer };

type LinkTarget = Omit<NewPasswordLink, 'digest'>;

/** A link in a mail; the token exists only in this process and in the mail. */
type MailLink = MailedLink & { readonly url: string };

type MailLinkTarget = Omit<LinkTarget, 'handedOverByUserId'> & {
  /** Whose audit log says that the link was issued. */
  readonly auditOrgId: string | null;
  readonly pauseMinutes?: number;
};

/** Single use (docs/contract/passwords.md#password-links). Except in `forMail`, callers open transactions and audit. */
@Injectable()
export class PasswordLinks {
  private readonly salt: string;

  constructor(
    private readonly links: PasswordLinksRepository,
    private readonly mailer: Mailer,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {
    this.salt = `password links\0${config.apiKeys.salt}`;
  }

  /** Of the installation; null without LANGSMITH_URL. */
  get home(): string | null {
    return this.config.server.publicUrl;
  }

  /** False with single sign-on, as no password is used then. */
  get areUsed(): boolean {
    return this.config.sso === null;
  }

  get areMailed(): boolean {
    return this.areUsed && this.mailer.isConfigured && this.home !== null;
  }

  get areHandedOver(): boolean {
    return this.areUsed && !this.areMailed;
  }

  newSecret(): LinkSecret {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    return { token, digest: this.digestOf(token) };
  }

  /** Valid once it is issued; it is not if an unused link is younger than `pauseMinutes`. */
  forMail({ auditOrgId, pauseMinutes, ...target }: MailLinkTarget): MailLink {
    const { token, digest } = this.newSecret();
    const mailed = { ...target, handedOverByUserId: null };
    const issue = async () => {
      if (!(await this.issue(digest, mailed, { pauseMinutes }))) return false;
      const resourceId = required(target.userId ?? target.invitationId, 'the target of the link');
      const actor = { userId: null, orgId: auditOrgId, request: null };
      const details = auditDetailsOf('issued', mailed);
      await this.audit.record(actor, 'update_basic_auth_user', [resourceId], { details });
      return true;
    };
    return {
      url: required(this.urlOf(token), 'LANGSMITH_URL'),
      issue: (claim) => this.transaction.run(async () => (await claim()) && issue()),
      withdraw: () => this.links.remove(digest),
    };
  }

  /** Null without LANGSMITH_URL; senders choose the request's host. Browsers send the fragment to no server. */
  urlOf(token: string): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return publicUrl && `${publicUrl}${consoleIsEnabled ? '/console' : ''}/set-password#token=${token}`;
  }

  /** Null if an older unused link is younger than `pauseMinutes`. A mailed one lasts as long as its invitation. */
  issue(
    digest: Buffer,
    target: LinkTarget,
    { pauseMinutes = 0 }: { pauseMinutes?: number | undefined } = {},
  ): Promise<{ expiresAt: Date } | null> {
    const lasts = target.purpose === 'invitation' && target.handedOverByUserId === null;
    return this.links.upsert(
      { ...target, digest },
      { hours: lasts ? HUNDRED_YEARS : LINK_HOURS, pauseMinutes },
    );
  }

  /** Null if it is unknown; one that was used or has expired is found. */
  async find(token: string): Promise<FoundPasswordLink | null> {
    return TOKEN.test(token) ? this.links.find(this.digestOf(token)) : null;
  }

  /** @throws PasswordLinkNotFound, PasswordLinkUsed or PasswordLinkExpired */
  async get(token: string): Promise<FoundPasswordLink> {
    const link = await this.find(token);
    if (!link) throw new PasswordLinkNotFound();
    if (link.isUsed) throw new PasswordLinkUsed();
    if (link.hasExpired) throw new PasswordLinkExpired();
    return link;
  }

  /**
   * Must run in the transaction that sets the password, once its row is locked. Of concurrent uses one succeeds.
   *
   * @throws PasswordLinkUsed
   */
  async consume({ id }: FoundPasswordLink): Promise<void> {
    if (!(await this.links.consume(id))) throw new PasswordLinkUsed();
  }

  /** Null if the user may not sign in, or has another address by now. */
  findOwner({ userId, email }: FoundPasswordLink): Promise<{ id: string } | null> {
    return this.links.findOwner(userId, email);
  }

  isAccountInUse({ email }: FoundPasswordLink): Promise<boolean> {
    return this.links.isAccountInUse(email);
  }

  /** The password was changed otherwise. */
  revokeOfUsers(userIds: readonly string[]): Promise<void> {
    return userIds.length === 0 ? Promise.resolve() : this.links.removeUnusedOfUsers(userIds);
  }

  /** The invitations are sent again. */
  async revokeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    if (this.areUsed && invitationIds.length > 0) await this.links.removeOfInvitations(invitationIds);
  }

  private digestOf(token: string): Buffer {
    return secretDigest(this.salt, token);
  }
}

/** What the audit log says of a link; nothing that opens it. */
export const auditDetailsOf = (
  event: 'issued' | 'used' | 'refused',
  { purpose, handedOverByUserId }: Pick<NewPasswordLink, 'purpose' | 'handedOverByUserId'>,
): AuditDetails => ({
  password_link: event,
  purpose,
  delivery: handedOverByUserId === null ? 'mail' : 'handed_over',
  ...(handedOverByUserId === null ? {} : { handed_over_by: handedOverByUserId }),
});
