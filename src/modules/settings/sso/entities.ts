import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** By attribute name of this product: the provider's claim name, and whether it is a list. */
export type AttributeMapping = Record<string, { name: string; array: boolean }>;

/** What users get who join an organization by single sign-on. At most one row per organization. */
@Entity('sso_settings')
@Unique('sso_settings_one_per_org', ['orgId'])
@Unique('sso_settings_provider_id_key', ['providerId'])
@Unique('sso_settings_id_org_id_key', ['id', 'orgId'])
@Check('sso_settings_one_metadata_source', `"metadata_url" IS NULL OR "metadata_xml" IS NULL`)
export class SsoSettings {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  /** Identifies the organization's provider for login pages; never changes. */
  @Column('uuid') providerId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') defaultWorkspaceRoleId: string;
  @Column('boolean', { default: false }) ssoGroupsEnabled: boolean;
  @Column('text', { default: 'groups' }) ssoGroupsClaimField: string;
  @Column('boolean', { default: false }) ssoGroupsRequired: boolean;
  @Column('boolean', { default: true }) ssoGroupsRoleSyncEnabled: boolean;
  @Column('text', { nullable: true }) metadataUrl: string | null;
  @Column('text', { nullable: true }) metadataXml: string | null;
  @Column('jsonb', { nullable: true }) attributeMapping: AttributeMapping | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** The trigger `one_default_remains` keeps the workspace of the last one from being deleted. */
@Entity('sso_default_workspaces')
@Index('sso_default_workspaces_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('SsoSettings', ['settingsId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class SsoDefaultWorkspace {
  @PrimaryColumn('uuid') settingsId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
}
