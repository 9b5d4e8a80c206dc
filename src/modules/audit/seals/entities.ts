import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

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
  @Column('integer') entries: number;
  /** The latest time of these entries. */
  @Column({ type: 'timestamptz', precision: 3 }) newestAt: Date;
  /** See `SealKey`. */
  @Column('bytea') mac: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) sealedAt: Date;
}

/**
 * The last seal of a chain that retention removed, with all entries and seals up to it; the rest of the chain
 * continues from it.
 */
@Entity('audit_anchors')
export class AuditAnchor {
  @PrimaryColumn('uuid') chain: string;
  /** From here on, fields of the removed seal. */
  @Column('integer') sequence: number;
  @Column('bigint') through: string;
  @Column('bytea') mac: Buffer;
  /** Proves that retention removed the seal; see `SealKey`. */
  @Column('bytea') signature: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) removedAt: Date;
}

/** How often something happened in an organization on a day of UTC, from the entries of its audit log. */
@Entity('audit_counts')
@Index('audit_counts_by_day', ['day'])
export class AuditCount {
  /** No foreign key: the audit log outlives its organization. */
  @PrimaryColumn('uuid') orgId: string;
  @PrimaryColumn('date') day: string;
  @PrimaryColumn('text') kind: 'sign_in' | 'failed_sign_in' | 'joined' | 'left';
  /** Why a sign-in failed, as its entry says; empty for other kinds. */
  @PrimaryColumn('text') reason: string;
  @Column('integer') count: number;
}

/** One row, written with the counts, so that each entry is counted once. */
@Entity('audit_counted')
@Check('audit_counted_is_one_row', 'is_only')
export class AuditCounted {
  @PrimaryColumn('boolean') isOnly: boolean;
  /** The position of the last entry that is counted; a bigint, so a string of digits. */
  @Column('bigint') through: string;
}
