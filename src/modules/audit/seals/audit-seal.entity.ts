import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * Vouches for the entries of one chain between the seal before it and itself. Written once, never changed; made in
 * rounds, each of which seals all that was written since the last one, with a seal for every chain it met.
 */
@Entity('audit_seals')
@Unique('audit_seals_one_per_round', ['through', 'chain'])
export class AuditSeal {
  /** The organization, or `NO_ORG`. No foreign key: what happened stays known when its organization is gone. */
  @PrimaryColumn('uuid') chain: string;
  /** 1, 2, 3, … in its chain. */
  @PrimaryColumn('integer') sequence: number;
  /** The position up to which its round sealed, in all chains; a bigint, so a string of digits. */
  @Column('bigint') through: string;
  /** How many it seals. */
  @Column('integer') entries: number;
  /** The latest time among them. */
  @Column({ type: 'timestamptz', precision: 3 }) newestAt: Date;
  /** See `SealKey`. */
  @Column('bytea') mac: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) sealedAt: Date;
}
