import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Mailer } from '../../../common/mail/mailer.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import type { AuditDetails } from '../../audit/index.js';
import { PasswordLinkExpired, PasswordLinkNotFound, PasswordLinkUsed } from './password-link.errors.js';
import {
  type FoundPasswordLink,
  type NewPasswordLink,
  PasswordLinksRepository,
} from './password-links.repository.js';

export const LINK_HOURS = 24; // docs/contract/passwords.md#password-links
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/; // TOKEN_BYTES in base64url

/** The secret of a link that is not stored yet. */
export type LinkSecret = { readonly token: string; readonly digest: Buffer };

export type LinkTarget = Omit<NewPasswordLink, 'digest'>;

/**
 * Single-use links to set a password (docs/contract/passwords.md#password-links). Only their digests are stored; the
 * callers open transactions and write the audit entries.
 */
@Injectable()
export class PasswordLinks {
  private readonly salt: string;

  constructor(
    private readonly links: PasswordLinksRepository,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {
    this.salt = `password links\0${config.apiKeys.salt}`;
  }

  /** False with single sign-on. */
  get areUsed(): boolean {
    return this.config.sso === null;
  }

  /** False: an Organization Admin gets the links, to hand them over. */
  get areMailed(): boolean {
    return this.areUsed && this.mailer.isConfigured && this.config.server.publicUrl !== null;
  }

  newSecret(): LinkSecret {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    return { token, digest: this.digestOf(token) };
  }

  /**
   * The page that takes the token; null without LANGSMITH_URL. Never of the request's host, which its sender chooses. The
   * token is in the fragment, which browsers send to no server and name in no `Referer`.
   */
  urlOf(token: string): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return publicUrl && `${publicUrl}${consoleIsEnabled ? '/console' : ''}/set-password#token=${token}`;
  }

  /** Replaces an older link; null, without a change, if that is unused and younger than `pauseMinutes`. */
  issue(
    digest: Buffer,
    target: LinkTarget,
    { pauseMinutes = 0 }: { pauseMinutes?: number | undefined } = {},
  ): Promise<{ expiresAt: Date } | null> {
    return this.links.upsert({ ...target, digest }, { hours: LINK_HOURS, pauseMinutes });
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

  /** The link did not reach its user. */
  withdraw(digest: Buffer): Promise<void> {
    return this.links.remove(digest);
  }

  /** Null if the user may not sign in, or has another address by now. */
  findOwner({ userId, email }: FoundPasswordLink): Promise<{ id: string } | null> {
    return this.links.findOwner(userId, email);
  }

  /** The password was changed otherwise. */
  revokeOfUsers(userIds: readonly string[]): Promise<void> {
    return userIds.length === 0 ? Promise.resolve() : this.links.removeUnusedOfUsers(userIds);
  }

  /** The invitation is sent again. */
  revokeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    return invitationIds.length === 0 ? Promise.resolve() : this.links.removeOfInvitations(invitationIds);
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
