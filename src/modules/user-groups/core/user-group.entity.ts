import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A user group of the organization, or the child group of one in a workspace. A child is also the grant: the role that
 * the parent's members and its own hold in the workspace, so that neither exists without the other. Names are indexed
 * by a lower-case expression, which TypeORM cannot declare.
 */
@Entity('user_groups')
@Unique('user_groups_id_org_id_key', ['id', 'orgId'])
@Unique('user_groups_one_grant_per_workspace', ['parentUserGroupId', 'workspaceId'])
@Unique('user_groups_one_per_idp_group', ['orgId', 'idpGroupName'])
@Index('user_groups_one_per_name', { synchronize: false })
@Index('user_groups_by_name', ['orgId', 'name', 'id'])
@Index('user_groups_by_lower_name', { synchronize: false })
@Index('user_groups_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('UserGroup', ['parentUserGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@Check('user_groups_grants_name_a_workspace', `("parent_user_group_id" IS NULL) = ("workspace_id" IS NULL)`)
@Check('user_groups_grants_name_a_role', `("parent_user_group_id" IS NULL) = ("role_id" IS NULL)`)
@Check('user_groups_names_are_short', `char_length("name") BETWEEN 1 AND 255`)
@Check('user_groups_sync_needs_a_name', `NOT "idp_sync_enabled" OR "idp_group_name" IS NOT NULL`)
@Check('user_groups_of_workspaces_have_no_sync', `"parent_user_group_id" IS NULL OR "idp_group_name" IS NULL`)
export class UserGroup {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  /** Of a child: derived from the parent's name and the workspace's id. */
  @Column('text') name: string;
  @Column('text', { default: '' }) description: string;
  /** The group of the identity provider whose members are also members of this one. */
  @Column('text', { nullable: true }) idpGroupName: string | null;
  @Column('boolean', { default: false }) idpSyncEnabled: boolean;
  /** Null for a group of the organization; then there is neither a workspace nor a role. */
  @Column('uuid', { nullable: true }) parentUserGroupId: string | null;
  @Column('uuid', { nullable: true }) workspaceId: string | null;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid', { nullable: true }) roleId:
    string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** Of a child: when its role was last changed. */
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
