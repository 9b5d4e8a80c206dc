import { Injectable } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { Headcounts } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { SeatLimitReached } from './invitations.errors.js';
import type { RowLocator } from './row-location.js';

/** A row that adds a user who had no seat. */
export type Newcomer = { email: string; row: Problem['loc'] };

/** Members and pending invitations each take a seat (docs/contract/organizations.md#seats-and-workspace-limits). */
@Injectable()
export class Seats {
  constructor(private readonly headcounts: Headcounts) {}

  /** For a user without an invitation. The caller holds the roster lock until the user is added. */
  async hasFreeSeat({ id, maxIdentities }: Org): Promise<boolean> {
    if (maxIdentities === -1) return true;
    const { members, pending } = await this.headcounts.get(id);
    return members + pending < maxIdentities;
  }

  /**
   * `assertWithinLimit` if there are newcomers: an organization over its limit can still manage its existing members.
   */
  async assertSeatsFor(org: Org, newcomers: readonly Newcomer[]): Promise<void> {
    if (newcomers.length > 0) await this.assertWithinLimit(org, newcomers);
  }

  /**
   * Called after the write, before the commit, under the roster lock: concurrent requests cannot exceed the limit.
   *
   * @throws SeatLimitReached
   */
  async assertWithinLimit({ id, maxIdentities }: Org, newcomers: readonly Newcomer[] = []): Promise<void> {
    if (maxIdentities === -1) return;
    const { members, pending } = await this.headcounts.get(id);
    const excess = members + pending - maxIdentities;
    if (excess > 0) throw new SeatLimitReached(maxIdentities, rowsOfLast(excess, newcomers));
  }
}

/** Seats are assigned in row order; the error names the rows over the limit (docs/contract/invitations.md#batches). */
function rowsOfLast(count: number, newcomers: readonly Newcomer[]): Problem['loc'][] {
  const seatless = new Set([...new Set(newcomers.map(({ email }) => email))].slice(-count));
  return newcomers.flatMap(({ email, row }) => (seatless.has(email) ? [row] : []));
}

/** The rows of people who are neither members nor invited. `members` and `invitations` are by e-mail address. */
export const newcomersOf = (
  rows: readonly { email: string }[],
  locate: RowLocator,
  { members, invitations }: Record<'members' | 'invitations', ReadonlyMap<string, unknown>>,
): Newcomer[] =>
  rows.flatMap(({ email }, index) =>
    members.has(email) || invitations.has(email) ? [] : [{ email, row: locate(index) }],
  );
