import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Whose decision it is that the user is in the group; each source changes only its own members. */
export type UserGroupMemberSource = 'manual' | 'scim' | 'sso_group';

/** A member of the organization in a user group; foreign keys ensure that both belong to one organization. */
@Entity('user_group_members')
@Check('user_group_members_source_is_known', `"source" IN ('manual', 'scim', 'sso_group')`)
@Index('user_group_members_by_user', ['userId', 'orgId'])
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
export class UserGroupMember {
  @PrimaryColumn('uuid') userGroupId: string;
  @PrimaryColumn('uuid') userId: string;
  @Column('uuid') orgId: string;
  @Column('text') source: UserGroupMemberSource;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
