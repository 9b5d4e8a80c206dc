import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last seal of a chain that retention removed, with its entries and all before it: the rest begins behind it. */
@Entity('audit_anchors')
export class AuditAnchor {
  @PrimaryColumn('uuid') chain: string;
  /** These three are the removed seal's. */
  @Column('integer') sequence: number;
  @Column('bigint') through: string;
  @Column('bytea') mac: Buffer;
  /** Ours, that it was retention who removed; see `SealKey`. */
  @Column('bytea') signature: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) removedAt: Date;
}
