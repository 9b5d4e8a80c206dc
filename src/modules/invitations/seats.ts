import { Injectable } from '@nestjs/common';
import { Headcounts } from '../members/index.js';
import type { Org } from '../orgs/index.js';
import { SeatsUsedUp } from './invitations.errors.js';

/** Members and pending invitations each take a seat (decision 44). */
@Injectable()
export class Seats {
  constructor(private readonly headcounts: Headcounts) {}

  /** Before somebody comes in who holds no invitation. The caller holds the roster lock until he is in. */
  async oneIsFree({ id, maxIdentities }: Org): Promise<boolean> {
    if (maxIdentities === -1) return true;
    const { members, pending } = await this.headcounts.of(id);
    return members + pending < maxIdentities;
  }

  /** After writing, before commit, under the roster lock: so that no number of callers at once can exceed it. */
  async assertWithinLimit({ id, maxIdentities }: Org): Promise<void> {
    if (maxIdentities === -1) return;
    const { members, pending } = await this.headcounts.of(id);
    if (members + pending > maxIdentities) throw new SeatsUsedUp(maxIdentities);
  }
}
