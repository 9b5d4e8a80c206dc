import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * Numbers of members, pending invitations and SCIM users of an organization, maintained by triggers: seat limits and totals of
 * unfiltered lists read one row instead of counting up to a million.
 */
@Entity('headcounts')
@Check('headcounts_are_not_negative', `"members" >= 0 AND "pending" >= 0 AND "pending_seats" >= 0`)
export class Headcount {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @Column('integer', { default: 0 }) members: number;
  @Column('integer', { default: 0 }) pending: number;
  /** The part of `pending` that takes a seat: not the expired ones that were counted out. */
  @Column('integer', { default: 0 }) pendingSeats: number;
  @Column('integer', { default: 0 }) scimUsers: number;
}
