import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import {
  CREATED_VIA_CHECK,
  INVITATION_CHECK,
  MembershipProvenance,
  SOURCE_CHECK,
} from './membership-provenance.entity.js';
import type { MembershipSource } from './provenance.js';

/**
 * A user's membership and role in one workspace; deleted with the organization membership or the workspace. The index
 * by age serves all sort orders of lists, as for organizations.
 */
@Entity('workspace_memberships')
@Unique('workspace_memberships_one_per_user', ['workspaceId', 'userId'])
@Index('workspace_memberships_by_age', ['workspaceId', 'createdAt', 'id', 'userId', 'roleId'])
@Index('workspace_memberships_by_role', ['workspaceId', 'roleId', 'id'])
@Index('workspace_memberships_by_name', ['workspaceId', 'userFullName', 'id'])
@Index('workspace_memberships_by_email', { synchronize: false })
@Index('workspace_memberships_by_person', ['orgId', 'userId'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@Check('workspace_memberships_source_is_known', SOURCE_CHECK)
@Check('workspace_memberships_created_via_is_known', CREATED_VIA_CHECK)
@Check('workspace_memberships_invitation_created_it', INVITATION_CHECK)
export class WorkspaceMembership extends MembershipProvenance {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Column('uuid') workspaceId: string;
  @Index() @Column('uuid') userId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
  @Column('text') source: MembershipSource;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
