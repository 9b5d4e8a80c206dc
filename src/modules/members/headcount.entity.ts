import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * How many people an organization has, kept by triggers on memberships and invitations, whoever writes them: the
 * seat limit and the totals of unfiltered lists cost one row instead of a count over a million.
 */
@Entity('headcounts')
@Check('headcounts_are_not_negative', `"members" >= 0 AND "pending" >= 0`)
export class Headcount {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @Column('integer', { default: 0 }) members: number;
  @Column('integer', { default: 0 }) pending: number;
}
