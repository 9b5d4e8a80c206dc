import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A name that resources of a workspace can be tagged with; deleted with the workspace, and its values with it. */
@Entity('tag_keys')
@Unique('tag_keys_id_workspace_id_key', ['id', 'workspaceId'])
@Unique('tag_keys_key_is_unique_in_workspace', ['workspaceId', 'key'])
export class TagKey {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Workspace', { onDelete: 'CASCADE' }) @Column('uuid') workspaceId: string;
  @Column('text') key: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

@Entity('tag_values')
@Unique('tag_values_id_workspace_id_key', ['id', 'workspaceId'])
@Unique('tag_values_value_is_unique_of_key', ['tagKeyId', 'workspaceId', 'value'])
@Index('tag_values_by_workspace', ['workspaceId'])
@ForeignKey('TagKey', ['tagKeyId', 'workspaceId'], ['id', 'workspaceId'], { onDelete: 'CASCADE' })
export class TagValue {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') tagKeyId: string;
  @Column('uuid') workspaceId: string;
  @Column('text') value: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

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
