import { Injectable } from '@nestjs/common';
import {
  Conflict,
  type DomainError,
  Forbidden,
  Gone,
  httpStatusOf,
  NotFound,
} from '../../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { type Actor, AuditTrail } from '../../audit/index.js';
import {
  auditDetailsOf,
  type FoundPasswordLink,
  LoginThrottle,
  PasswordLinks,
  PasswordsService,
} from '../../passwords/index.js';
import { LoginAudit } from '../../sessions/index.js';
import { type LinkDescription, PasswordLinkUses } from './password-link-uses.js';

/** `revokeTokens`: the personal access tokens of the user are revoked with it. */
type PasswordByToken = { readonly token: string; readonly password: string; readonly revokeTokens: boolean };

/** Each refused link is audited (docs/contract/passwords.md#password-links). */
@Injectable()
export class SetPasswordByLink {
  constructor(
    private readonly links: PasswordLinks,
    private readonly throttle: LoginThrottle,
    private readonly passwords: PasswordsService,
    private readonly uses: PasswordLinkUses,
    private readonly logins: LoginAudit,
    private readonly audit: AuditTrail,
  ) {}

  /** For whom the link is, before its user types a password. @throws what {@link withLink} and its use throw */
  describe(token: string, request: RequestMetadata): Promise<LinkDescription> {
    return this.withLink(token, request, (link) => this.uses.describe(link));
  }

  /**
   * Returns the address. Hashes for a valid link only, outside of the transaction, which checks it again.
   *
   * @throws what {@link withLink}, {@link PasswordsService.hashForUser} and the use of the link throw
   */
  run({ token, password, revokeTokens }: PasswordByToken, request: RequestMetadata): Promise<string> {
    return this.withLink(token, request, async (link) => {
      const digest = await this.passwords.hashForUser(link.id, password);
      await this.uses.run(link, { digest, revokeTokens }, request);
      return link.email;
    });
  }

  /**
   * Records refusals before the response, and counts for the limits of the network.
   *
   * @throws PasswordLoginDisabled, TooManyRequests, and what {@link PasswordLinks.get} and `work` throw
   */
  private async withLink<T>(
    token: string,
    request: RequestMetadata,
    work: (link: FoundPasswordLink) => Promise<T>,
  ): Promise<T> {
    this.passwords.assertEnabled();
    try {
      await this.throttle.admitLink(request.clientHost);
      return await work(await this.links.get(token));
    } catch (error) {
      if (isOfLink(error)) await this.recordRefusal(await this.links.find(token), error, request);
      throw error;
    }
  }

  /** Rejects if the entry cannot be written, unlike `AuditTrail.recordRefusal`, so that no refusal goes unrecorded. */
  private async recordRefusal(
    link: FoundPasswordLink | null,
    error: DomainError,
    request: RequestMetadata,
  ): Promise<void> {
    const details = link ? auditDetailsOf('refused', link) : { password_link: 'refused' };
    await this.audit.recordRefusals([
      {
        actor: await this.actorOf(link, request),
        operation: 'update_basic_auth_user',
        responseStatus: httpStatusOf(error),
        scope: { details: { ...details, refused_by: error.code } },
      },
    ]);
  }

  private async actorOf(link: FoundPasswordLink | null, request: RequestMetadata): Promise<Actor> {
    if (!link) return { userId: null, orgId: null, request };
    const { userId, orgId } = link;
    return orgId === null ? this.logins.findActor(userId, request) : { userId, orgId, request };
  }
}

const isOfLink = (error: unknown): error is DomainError =>
  [NotFound, Gone, Forbidden, Conflict].some((refusal) => error instanceof refusal);
