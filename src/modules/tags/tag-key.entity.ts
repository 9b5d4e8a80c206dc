import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

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
