import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Applied once, to the default organization of that time; to no later one, since its secret is in use. */
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
