import { Column, Entity, PrimaryColumn } from 'typeorm';

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
