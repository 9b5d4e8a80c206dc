import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import type { Org } from '../../orgs/index.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import { Seats } from '../core/seats.js';

/** Lets a pending invitation last as long as a new one. */
@Injectable()
export class RenewInvitation {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly seats: Seats,
    private readonly config: Config,
  ) {}

  /**
   * Without a seat, which is how an expired invitation is, it takes one. The caller holds the roster lock.
   *
   * @throws SeatLimitReached
   */
  async run(org: Org, invitationId: string, { hasSeat }: { hasSeat: boolean }): Promise<void> {
    await this.invitations.renew(org.id, [invitationId], this.config.limits.invitationTtlDays);
    if (!hasSeat) await this.seats.assertWithinLimit(org);
  }
}
