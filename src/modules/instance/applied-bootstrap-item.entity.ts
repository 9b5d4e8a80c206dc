import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * An item of the bootstrap that was applied once, to the organization that was the default one then. Not applied again to
 * one that becomes the default later: its secret is in use already.
 */
@Entity('applied_bootstrap_items')
export class AppliedBootstrapItem {
  @PrimaryColumn('text') kind: string;
  @PrimaryColumn('text') name: string;
  @Index('applied_bootstrap_items_by_org')
  @ForeignKey('Org', { onDelete: 'CASCADE' })
  @Column('uuid')
  orgId: string;
  @Column('timestamptz', { default: () => 'now()' }) appliedAt: Date;
}
