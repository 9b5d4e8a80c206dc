import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A value of a tag key. */
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
