import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Attaches an access policy to a user group, for one of the workspaces it has a grant in or for all of them. */
@Entity('user_group_policies')
@Index('user_group_policies_one_for_all_workspaces', ['userGroupId', 'accessPolicyId'], {
  unique: true,
  where: '"workspace_id" IS NULL',
})
@Index('user_group_policies_one_per_workspace', ['userGroupId', 'workspaceId', 'accessPolicyId'], {
  unique: true,
  where: '"workspace_id" IS NOT NULL',
})
@Index('user_group_policies_by_group', ['userGroupId', 'workspaceId'])
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('UserGroup', ['userGroupId', 'workspaceId'], ['parentUserGroupId', 'workspaceId'], {
  onDelete: 'CASCADE',
})
export class UserGroupPolicy {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userGroupId: string;
  @Column('uuid') orgId: string;
  @Index() @ForeignKey('AccessPolicy', { onDelete: 'CASCADE' }) @Column('uuid') accessPolicyId: string;
  /** Null: for every workspace in which the group has a grant; of a child: for its workspace. */
  @Column('uuid', { nullable: true }) workspaceId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
