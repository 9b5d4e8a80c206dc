import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CreatedVia, MembershipSource } from './provenance.js';

const SOURCE_CHECK = `"source" IN ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap')`;

const CREATED_VIA_CHECK = `"created_via" IN ('invitation', 'direct_add', 'organization_creation',
  'workspace_creation', 'jit', 'sso_group', 'scim_user', 'scim_group', 'bootstrap', 'operator', 'unknown')`;

const NO_END_CHECK = `"access_expires_at" IS NULL OR "source" NOT IN ('scim', 'sso_group')`;

const REVERSION_CHECK = `"reverts_to_role_id" IS NULL OR "access_expires_at" IS NOT NULL`;

const HAS_END = '"access_expires_at" IS NOT NULL';

const INVITATION_CHECK = `"invitation_id" IS NULL OR "created_via" = 'invitation'`;

/**
 * Statements write these columns and the module `directory` reads them; they are not loaded with the entity. Ids without
 * a foreign key outlive what they name (docs/decisions/0055).
 */
abstract class MembershipProvenance {
  /** Unknown for memberships that are older than this column. */
  @Column('text', { select: false, default: 'unknown' }) protected readonly createdVia:
    CreatedVia | 'unknown';
  @ForeignKey('Invitation', { onDelete: 'SET NULL' })
  @Index({ where: '"invitation_id" IS NOT NULL' })
  @Column('uuid', { select: false, nullable: true })
  protected readonly invitationId: string | null;
  /** Who invited or added the user; null if a rule or a service key did. */
  @Column('uuid', { select: false, nullable: true }) protected readonly createdByUserId: string | null;
  /** The API key or SCIM token that added the user. */
  @Column('uuid', { select: false, nullable: true }) protected readonly createdByKeyId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly createdAuditEntryId: string | null;
  @Column('timestamptz', { select: false, nullable: true }) protected readonly roleChangedAt: Date | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedByUserId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedByKeyId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedAuditEntryId:
    string | null;
  /** From then on the role is the other one or, without one, the membership has ended; null: permanent. */
  @Column('timestamptz', { select: false, nullable: true }) readonly accessExpiresAt: Date | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly accessExpiresSetByUserId:
    string | null;
  @ForeignKey('Role', { onDelete: 'RESTRICT' })
  @Index({ where: '"reverts_to_role_id" IS NOT NULL' })
  @Column('uuid', { select: false, nullable: true })
  readonly revertsToRoleId: string | null;
  /** Copies from the user, for the orders of lists; triggers write them. */
  @Column('text', { select: false, default: '' }) protected readonly userEmail: string;
  @Column('text', { select: false, nullable: true })
  protected readonly userFullName: string | null;
}

/**
 * The API's organization identity. `by_age` has all columns that a list sorts by or joins on: 100,000 members are read
 * from 1,000 pages instead of 13,000.
 */
@Entity('org_memberships')
@Unique('org_memberships_one_per_user', ['orgId', 'userId'])
@Index('org_memberships_by_age', ['orgId', 'createdAt', 'id', 'userId', 'roleId'])
@Index('org_memberships_disabled', ['orgId', 'userId'], { where: `"is_disabled"` })
@Index('org_memberships_by_role', ['orgId', 'roleId', 'id'])
@Index('org_memberships_by_name', ['orgId', 'userFullName', 'id'])
@Index('org_memberships_by_email', { synchronize: false })
@Index('org_memberships_by_trigrams', { synchronize: false })
@Index('org_memberships_by_end', ['accessExpiresAt'], { where: HAS_END })
@Index('org_memberships_ending', ['orgId', 'accessExpiresAt', 'id'], { where: HAS_END })
@Check('org_memberships_of_providers_have_no_end', NO_END_CHECK)
@Check('org_memberships_revert_at_an_end', REVERSION_CHECK)
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

/** `by_age`: as for organizations. */
@Entity('workspace_memberships')
@Unique('workspace_memberships_one_per_user', ['workspaceId', 'userId'])
@Index('workspace_memberships_by_age', ['workspaceId', 'createdAt', 'id', 'userId', 'roleId'])
@Index('workspace_memberships_by_role', ['workspaceId', 'roleId', 'id'])
@Index('workspace_memberships_by_name', ['workspaceId', 'userFullName', 'id'])
@Index('workspace_memberships_by_email', { synchronize: false })
@Index('workspace_memberships_by_person', ['orgId', 'userId'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@Index('workspace_memberships_by_end', ['accessExpiresAt'], { where: HAS_END })
@Index('workspace_memberships_ending', ['workspaceId', 'accessExpiresAt', 'id'], { where: HAS_END })
@Index('workspace_memberships_ending_with_org', ['workspaceId', 'orgAccessEndsAt'], {
  where: '"org_access_ends_at" IS NOT NULL',
})
@Check('workspace_memberships_of_providers_have_no_end', NO_END_CHECK)
@Check('workspace_memberships_revert_at_an_end', REVERSION_CHECK)
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
  /** A copy of the end of the organization membership; triggers write it. */
  @Column('timestamptz', { select: false, nullable: true }) protected readonly orgAccessEndsAt: Date | null;
}

/** It does not come back by signing in, until somebody gives access again (docs/contract/members.md#access-that-ends). */
@Entity('ended_memberships')
export class EndedMembership {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('uuid') membershipId: string;
  @Column('uuid') roleId: string;
  @Column('timestamptz') endedAt: Date;
  @Column('uuid', { nullable: true }) setByUserId: string | null;
}

/** Triggers maintain it: seat limits and totals of unfiltered lists read one row instead of counting up to a million. */
@Entity('headcounts')
@Check('headcounts_are_not_negative', `"members" >= 0 AND "pending" >= 0 AND "pending_seats" >= 0`)
export class Headcount {
  @PrimaryColumn('uuid') @ForeignKey('Org', { onDelete: 'CASCADE' }) orgId: string;
  @Column('integer', { default: 0 }) members: number;
  @Column('integer', { default: 0 }) pending: number;
  /** The part of `pending` that takes a seat: not the expired ones that were counted out. */
  @Column('integer', { default: 0 }) pendingSeats: number;
  @Column('integer', { default: 0 }) scimUsers: number;
}

/** Triggers maintain it. */
@Entity('workspace_headcounts')
@Check('workspace_headcounts_are_not_negative', `"members" >= 0`)
export class WorkspaceHeadcount {
  @PrimaryColumn('uuid') @ForeignKey('Workspace', { onDelete: 'CASCADE' }) workspaceId: string;
  @Column('integer', { default: 0 }) members: number;
}

/** A member without a row has not been active since activity is stored (docs/contract/members.md#last-activity). */
@Entity('member_activity')
export class MemberActivity {
  @PrimaryColumn('uuid') @ForeignKey('OrgMembership', { onDelete: 'CASCADE' }) membershipId: string;
  @Column('timestamptz') lastActiveAt: Date;
}
