import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * A MAC over the entries of one chain since the seal before it. Written once, never changed; one seal batch creates a
 * seal for every chain with new entries.
 */
@Entity('audit_seals')
@Unique('audit_seals_one_per_round', ['through', 'chain'])
export class AuditSeal {
  /** The organization, or `NO_ORG`. No foreign key: the seal outlives its organization. */
  @PrimaryColumn('uuid') chain: string;
  /** 1, 2, 3, … in its chain. */
  @PrimaryColumn('integer') sequence: number;
  /** The position up to which the batch sealed all chains; a bigint, so a string of digits. */
  @Column('bigint') through: string;
  /** Number of sealed entries. */
  @Column('integer') entries: number;
  /** The latest time of these entries. */
  @Column({ type: 'timestamptz', precision: 3 }) newestAt: Date;
  /** See `SealKey`. */
  @Column('bytea') mac: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) sealedAt: Date;
}
