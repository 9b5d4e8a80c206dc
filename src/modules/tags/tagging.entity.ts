import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A tag of one resource. The resource belongs to the product behind this API, so its id is not checked. */
@Entity('taggings')
@Unique('taggings_once_per_resource', ['tagValueId', 'workspaceId', 'resourceType', 'resourceId'])
@Index('taggings_by_resource', ['workspaceId', 'resourceId', 'resourceType'])
@ForeignKey('TagValue', ['tagValueId', 'workspaceId'], ['id', 'workspaceId'], { onDelete: 'CASCADE' })
export class Tagging {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tagValueId: string;
  @Column('uuid') workspaceId: string;
  @Column('text') resourceType: string;
  @Column('uuid') resourceId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
