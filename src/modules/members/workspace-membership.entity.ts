import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { type MembershipSource, SOURCE_CHECK } from './org-membership.entity.js';

/**
 * A person's place and role in one workspace; goes with the organization membership and with the workspace. The
 * index by age serves every order of a list, as in organizations.
 */
@Entity('workspace_memberships')
@Unique('workspace_memberships_one_per_user', ['workspaceId', 'userId'])
@Index('workspace_memberships_by_age', ['workspaceId', 'createdAt', 'id', 'userId', 'roleId'])
@Index('workspace_memberships_by_person', ['orgId', 'userId'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@Check('workspace_memberships_source_is_known', SOURCE_CHECK)
export class WorkspaceMembership {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Column('uuid') workspaceId: string;
  @Index() @Column('uuid') userId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
  @Column('text') source: MembershipSource;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
