import { Injectable } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { TokenRevocationRequested } from '../../members/index.js';
import { type FoundPasswordLink, PasswordsService } from '../../passwords/index.js';
import { LoginAudit } from '../../sessions/index.js';
import { type LinkDescription, PasswordLinkUses } from './password-link-uses.js';
import { RefusedLinks } from './refused-links.js';

/** `revokeTokens`: the personal access tokens of the user are revoked with it. */
export type PasswordByToken = {
  readonly token: string;
  readonly password: string;
  readonly revokeTokens: boolean;
};

/**
 * Sets the password by a link (docs/contract/passwords.md#password-links). The user signs in with it
 * afterwards.
 */
@Injectable()
export class SetPasswordByLink {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly uses: PasswordLinkUses,
    private readonly refused: RefusedLinks,
    private readonly logins: LoginAudit,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
  ) {}

  /**
   * Says for whom the link is, before its user types a password.
   *
   * @throws what {@link RefusedLinks.recorded} and the use of the link throw
   */
  describe(token: string, request: RequestMetadata): Promise<LinkDescription> {
    return this.refused.recorded(token, request, (link) => this.uses.describe(link));
  }

  /**
   * Returns the address of the account. Hashes for a valid link only, outside of the transaction, which checks
   * everything again.
   *
   * @throws what {@link RefusedLinks.recorded}, {@link PasswordsService.hashForUser} and the use of the link throw
   */
  run({ token, password, revokeTokens }: PasswordByToken, request: RequestMetadata): Promise<string> {
    return this.refused.recorded(token, request, async (link) => {
      const digest = await this.passwords.hashForUser(link.id, password);
      const use = () => this.uses.of(link).run(link, digest, request);
      await (revokeTokens ? this.withoutTokens(link, request, use) : use());
      return link.email;
    });
  }

  /** Under the roster lock, so that no token of the user is created at the same time. */
  private async withoutTokens(
    { userId, orgId }: FoundPasswordLink,
    request: RequestMetadata,
    use: () => Promise<string>,
  ): Promise<void> {
    const rosterOf = orgId ?? (await this.logins.findActor(userId, request)).orgId;
    const useAndRevoke = async () => this.events.publish(new TokenRevocationRequested(await use(), request));
    await (rosterOf
      ? this.transaction.inOrganization(rosterOf, useAndRevoke)
      : this.transaction.run(useAndRevoke));
  }
}
