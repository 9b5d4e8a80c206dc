import { Injectable } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { TokenRevocationRequested } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import type { FoundPasswordLink } from '../../passwords/index.js';
import { LoginAudit } from '../../sessions/index.js';
import { AcceptByLink } from './accept-by-link.js';
import { ResetByLink } from './reset-by-link.js';

export type LinkDescription = Pick<FoundPasswordLink, 'email' | 'purpose' | 'expiresAt'> & {
  readonly orgName: string | null;
};

@Injectable()
export class PasswordLinkUses {
  constructor(
    private readonly acceptance: AcceptByLink,
    private readonly reset: ResetByLink,
    private readonly orgs: OrgsRepository,
    private readonly logins: LoginAudit,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
  ) {}

  async describe(link: FoundPasswordLink): Promise<LinkDescription> {
    const expiresAt = await this.of(link).usableUntil(link);
    const orgName = link.orgId && (await this.orgs.get(link.orgId)).displayName;
    return { ...link, expiresAt, orgName };
  }

  /** Tokens are revoked under the roster lock, so that no token of the user is created at the same time. */
  async run(
    link: FoundPasswordLink,
    { digest, revokeTokens }: { digest: string; revokeTokens: boolean },
    request: RequestMetadata,
  ): Promise<void> {
    const use = () => this.of(link).run(link, digest, request);
    if (!revokeTokens) return void (await use());
    const rosterOf = link.orgId ?? (await this.logins.findActor(link.userId, request)).orgId;
    const useAndRevoke = async () => this.events.publish(new TokenRevocationRequested(await use(), request));
    await (rosterOf
      ? this.transaction.inOrganization(rosterOf, useAndRevoke)
      : this.transaction.run(useAndRevoke));
  }

  /** Its `usableUntil` and `run` refuse in the same way. */
  private of({ purpose }: FoundPasswordLink): AcceptByLink | ResetByLink {
    return purpose === 'invitation' ? this.acceptance : this.reset;
  }
}
