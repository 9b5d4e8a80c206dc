import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import {
  CREATED_VIA_CHECK,
  INVITATION_CHECK,
  MembershipProvenance,
  SOURCE_CHECK,
} from './membership-provenance.entity.js';
import type { MembershipSource } from './provenance.js';

/**
 * A user's membership and role in one organization: the API's organization identity. The index by age contains all
 * columns that a list sorts by or joins on, so that 100,000 members are read from 1,000 pages instead of 13,000.
 */
@Entity('org_memberships')
@Unique('org_memberships_one_per_user', ['orgId', 'userId'])
@Index('org_memberships_by_age', ['orgId', 'createdAt', 'id', 'userId', 'roleId'])
@Index('org_memberships_disabled', ['orgId', 'userId'], { where: `"is_disabled"` })
@Index('org_memberships_by_role', ['orgId', 'roleId', 'id'])
@Index('org_memberships_by_name', ['orgId', 'userFullName', 'id'])
@Index('org_memberships_by_email', { synchronize: false })
@Index('org_memberships_by_trigrams', { synchronize: false })
@Check('org_memberships_source_is_known', SOURCE_CHECK)
@Check('org_memberships_created_via_is_known', CREATED_VIA_CHECK)
@Check('org_memberships_invitation_created_it', INVITATION_CHECK)
export class OrgMembership extends MembershipProvenance {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Index() @ForeignKey('User', { onDelete: 'CASCADE' }) @Column('uuid') userId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
  @Column('boolean', { default: false }) isDisabled: boolean;
  @Column('text') source: MembershipSource;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
