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
@Index('user_groups_by_end', ['accessExpiresAt'], { where: '"access_expires_at" IS NOT NULL' })
@Check('user_groups_only_grants_end', `"access_expires_at" IS NULL OR "workspace_id" IS NOT NULL`)
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
  /** Whether members of the organization may ask to be in it (docs/contract/access-requests.md#targets). */
  @Column('boolean', { default: false }) requestable: boolean;
  /** Null for a group of the organization; then there is neither a workspace nor a role. */
  @Column('uuid', { nullable: true }) parentUserGroupId: string | null;
  @Column('uuid', { nullable: true }) workspaceId: string | null;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid', { nullable: true }) roleId:
    string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** Of a child: when its role was last changed. */
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
  /** Of a child: when the grant ends; null: permanent. */
  @Column('timestamptz', { nullable: true }) accessExpiresAt: Date | null;
  @Column('uuid', { nullable: true }) accessExpiresSetByUserId: string | null;
}

/** A member of the organization in a user group; foreign keys ensure that both belong to one organization. */
@Entity('user_group_members')
@Check('user_group_members_source_is_known', `"source" IN ('manual', 'scim', 'sso_group')`)
@Check(
  'user_group_members_of_providers_have_no_end',
  `"access_expires_at" IS NULL OR "source" NOT IN ('scim', 'sso_group')`,
)
@Index('user_group_members_by_end', ['accessExpiresAt'], { where: '"access_expires_at" IS NOT NULL' })
@Index('user_group_members_ending', ['userGroupId', 'accessExpiresAt'], {
  where: '"access_expires_at" IS NOT NULL',
})
@Index('user_group_members_by_user', ['userId', 'orgId'])
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
export class UserGroupMember {
  @PrimaryColumn('uuid') userGroupId: string;
  @PrimaryColumn('uuid') userId: string;
  @Column('uuid') orgId: string;
  /** Whose decision it is that the user is in the group; each source changes only its own members. */
  @Column('text') source: 'manual' | 'scim' | 'sso_group';
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** Null: permanent. */
  @Column('timestamptz', { nullable: true }) accessExpiresAt: Date | null;
  @Column('uuid', { nullable: true }) accessExpiresSetByUserId: string | null;
  /** A copy of the end of the organization membership; triggers write it. */
  @Column('timestamptz', { select: false, nullable: true }) protected readonly orgAccessEndsAt: Date | null;
}

/** A service account in a user group; foreign keys ensure that both belong to one organization. */
@Entity('user_group_service_accounts')
@Index('user_group_service_accounts_by_account', ['serviceAccountId', 'orgId'])
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('ServiceAccount', ['serviceAccountId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class UserGroupServiceAccount {
  @PrimaryColumn('uuid') userGroupId: string;
  @PrimaryColumn('uuid') serviceAccountId: string;
  @Column('uuid') orgId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

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

/**
 * A role that a user has in a workspace through groups, whether or not they are a member of the workspace. Triggers
 * keep it (docs/decisions/0075).
 */
@Entity('user_group_roles')
@Check('user_group_roles_have_a_source', `"sources" > 0`)
export class UserGroupRole {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey('Workspace', { onDelete: 'CASCADE' }) workspaceId: string;
  @PrimaryColumn('uuid') roleId: string;
  /** The earlier end of the membership in the group and of the grant. */
  @PrimaryColumn('timestamptz', { default: () => "'infinity'" }) endsAt: Date;
  /** The number of memberships in groups and children that give it. */
  @Column('integer') sources: number;
}
