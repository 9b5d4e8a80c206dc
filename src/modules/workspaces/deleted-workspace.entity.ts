import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A tombstone of a deleted workspace, for lists that include deleted ones. */
@Entity('deleted_workspaces')
@Index('deleted_workspaces_by_age', ['deletedAt'])
export class DeletedWorkspace {
  @PrimaryColumn('uuid') id: string;
  @Index() @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true }) tenantHandle: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) deletedAt: Date;
}
