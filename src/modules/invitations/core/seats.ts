import { Injectable } from '@nestjs/common';
import type { Problem } from '../../../common/errors/domain-error.js';
import { MemberDirectory } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { SeatLimitReached } from './invitations.errors.js';
import type { RowLocator } from './row-location.js';
import { InvitationsRepository } from './invitations.repository.js';

export type NewSeat = { email: string; row: Problem['loc'] };

/** Larger than any batch of invitations; one that a statement under the roster lock still handles at once. */
const ALL = 1_000_000;

/** See docs/contract/organizations.md#seats-and-workspace-limits. */
@Injectable()
export class Seats {
  constructor(
    private readonly members: MemberDirectory,
    private readonly invitations: InvitationsRepository,
  ) {}

  /** For a user without an invitation. The caller holds the roster lock until the user is added. */
  async hasFreeSeat({ id, maxIdentities }: Org): Promise<boolean> {
    if (maxIdentities === -1) return true;
    return (await this.countTaken(id, maxIdentities - 1)) < maxIdentities;
  }

  /** An organization over its limit can still manage its existing members. @throws SeatLimitReached */
  async assertSeatsFor(org: Org, newSeats: readonly NewSeat[]): Promise<void> {
    if (newSeats.length > 0) await this.assertWithinLimit(org, newSeats);
  }

  /** After the write, under the roster lock: concurrent requests cannot exceed the limit. @throws SeatLimitReached */
  async assertWithinLimit({ id, maxIdentities }: Org, newSeats: readonly NewSeat[] = []): Promise<void> {
    if (maxIdentities === -1) return;
    const excess = (await this.countTaken(id, maxIdentities)) - maxIdentities;
    if (excess > 0) throw new SeatLimitReached(maxIdentities, rowsOfLast(excess, newSeats));
  }

  /** The stored count may include invitations that have expired since; before a refusal they are counted out. */
  private async countTaken(orgId: string, allowed: number): Promise<number> {
    const taken = await this.members.countSeats(orgId);
    if (taken <= allowed) return taken;
    return taken - (await this.invitations.countOutExpired(orgId, ALL));
  }
}

/** Seats are assigned in row order; the error names the rows over the limit (docs/contract/invitations.md#batches). */
function rowsOfLast(count: number, newSeats: readonly NewSeat[]): Problem['loc'][] {
  const seatless = new Set([...new Set(newSeats.map(({ email }) => email))].slice(-count));
  return newSeats.flatMap(({ email, row }) => (seatless.has(email) ? [row] : []));
}

type SeatHolders = {
  members: ReadonlyMap<string, unknown>;
  invitations: ReadonlyMap<string, { isExpired: boolean }>;
};

export const hasSeat = (email: string, { members, invitations }: SeatHolders): boolean =>
  members.has(email) || invitations.get(email)?.isExpired === false;

export const newSeatsOf = (
  rows: readonly { email: string }[],
  locate: RowLocator,
  holders: SeatHolders,
): NewSeat[] =>
  rows.flatMap(({ email }, index) => (hasSeat(email, holders) ? [] : [{ email, row: locate(index) }]));
