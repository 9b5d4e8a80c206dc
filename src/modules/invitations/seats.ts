import { Injectable } from '@nestjs/common';
import type { Problem } from '../../common/errors/domain-error.js';
import { Headcounts } from '../members/index.js';
import type { Org } from '../orgs/index.js';
import { SeatLimitReached } from './invitations.errors.js';

/** A row that brings somebody in who had no seat. */
export type Newcomer = { email: string; row: Problem['loc'] };

/** Members and pending invitations each take a seat (contract decision 44). */
@Injectable()
export class Seats {
  constructor(private readonly headcounts: Headcounts) {}

  /** Before somebody comes in who holds no invitation. The caller holds the roster lock until he is in. */
  async hasFreeSeat({ id, maxIdentities }: Org): Promise<boolean> {
    if (maxIdentities === -1) return true;
    const { members, pending } = await this.headcounts.get(id);
    return members + pending < maxIdentities;
  }

  /** `assertWithinLimit` where somebody came: over its limit, an organization still works with those who are here. */
  async assertSeatsFor(org: Org, newcomers: readonly Newcomer[]): Promise<void> {
    if (newcomers.length > 0) await this.assertWithinLimit(org, newcomers);
  }

  /** After writing, before commit, under the roster lock: so that no number of callers at once can exceed it. */
  async assertWithinLimit({ id, maxIdentities }: Org, newcomers: readonly Newcomer[] = []): Promise<void> {
    if (maxIdentities === -1) return;
    const { members, pending } = await this.headcounts.get(id);
    const excess = members + pending - maxIdentities;
    if (excess > 0) throw new SeatLimitReached(maxIdentities, rowsOfLast(excess, newcomers));
  }
}

/** Seats go to people in the order of the rows (contract decision 2: who is over the limit is named). */
function rowsOfLast(count: number, newcomers: readonly Newcomer[]): Problem['loc'][] {
  const seatless = new Set([...new Set(newcomers.map(({ email }) => email))].slice(-count));
  return newcomers.flatMap(({ email, row }) => (seatless.has(email) ? [row] : []));
}

export const newcomersOf = (
  rows: readonly { email: string }[],
  locate: (row: number) => Problem['loc'],
  hasSeat: (email: string) => boolean,
): Newcomer[] => rows.flatMap(({ email }, index) => (hasSeat(email) ? [] : [{ email, row: locate(index) }]));
