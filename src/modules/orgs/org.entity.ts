import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** Preferences of the product behind this API: stored and returned here, applied there. */
export type ProductPreferences = {
  publicSharingDisabled?: boolean;
  engineEnabled?: boolean | null;
  restrictBrowserSecrets?: boolean | null;
  llmAuthProxyEnabled?: boolean | null;
  llmAuthProxyJwtAudience?: string | null;
  llmAuthProxyAllowedUrls?: string[] | null;
  byocCreateSaasWorkspaceEnabled?: boolean;
  disabledModelProviders?: string[];
  /** A decimal number. */
  engineLcuSpendLimitMonthly?: string | null;
};

/** An organization with its settings and limits: the boundary of membership. */
@Entity('organizations')
@Unique('organizations_sso_login_slug_key', ['ssoLoginSlug'])
@Index('organizations_one_default', ['isDefault'], { unique: true, where: '"is_default"' })
@Index('organizations_one_personal_per_user', ['createdByUserId'], { unique: true, where: '"is_personal"' })
@Check('organizations_separator_is_one_character', `char_length("scim_group_name_separator") = 1`)
@Check('organizations_mail_language_is_a_tag', `"mail_language" ~ '^[a-z]{2,3}(-[A-Z]{2})?$'`)
@Check('organizations_ip_allowlist_is_short', `cardinality("ip_allowlist") <= 100`)
@Check(
  'organizations_sign_in_requirement_is_sane',
  `cardinality("required_acr") <= 10 AND cardinality("required_amr") <= 10
    AND "max_authentication_age" BETWEEN 300 AND 7776000`,
)
@Check('organizations_limits_are_sane', `"max_identities" >= -1 AND "max_workspaces" >= -1`)
export class Org {
  @PrimaryColumn('uuid') id: string;
  @Column('text') displayName: string;
  @Column('boolean', { default: false }) isPersonal: boolean;
  @Column('boolean', { default: false }) isDisabled: boolean;
  /** The organization that single sign-on provisions new users into; at most one. */
  @Column('boolean', { default: false }) isDefault: boolean;
  @Index() @ForeignKey('User', { onDelete: 'SET NULL' }) @Column('uuid', { nullable: true }) createdByUserId:
    string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) modifiedAt: Date;

  /** Seats of members and pending invitations; -1 = unlimited. */
  @Column('integer', { default: -1 }) maxIdentities: number;
  @Column('integer', { default: -1 }) maxWorkspaces: number;

  /** Whether user groups can be managed and have an effect (docs/contract/user-groups.md#feature). */
  @Column('boolean', { default: true }) canUseUserGroups: boolean;

  @Column('boolean', { default: true }) invitesEnabled: boolean;
  @Column('boolean', { default: true }) jitProvisioningEnabled: boolean;
  @Column('boolean', { default: false }) workspaceAdminCanInviteToOrg: boolean;
  @Column('boolean', { default: false }) ssoOnly: boolean;
  /** Identifies the login page; set once the organization has had SSO settings. */
  @Column('text', { nullable: true }) ssoLoginSlug: string | null;
  @Column('boolean', { default: false }) patCreationDisabled: boolean;
  /** Whether keys and personal access tokens may create keys (docs/contract/keys.md#keys-made-with-keys). */
  @Column('boolean', { default: true }) apiKeyCreationFromApiKeysEnabled: boolean;
  @Column('integer', { nullable: true }) maxApiKeyExpiryDays: number | null;
  @Column('integer', { nullable: true }) maxPatExpiryDays: number | null;
  @Column('integer', { nullable: true }) maxServiceKeyExpiryDays: number | null;
  @Column('text', { nullable: true }) securityContact: string | null;
  @Column('text', { default: ':' }) scimGroupNameSeparator: string;
  /** Whether the attribute `roles` of SCIM users gives roles (docs/contract/scim.md#roles). */
  @Column('boolean', { default: false }) scimRolesEnabled: boolean;
  /** A language tag; null: that of the installation. */
  @Column('text', { nullable: true }) mailLanguage: string | null;
  /** Addresses and networks from which requests are accepted; empty: from all. */
  @Column('text', { array: true, default: [] }) ipAllowlist: string[];
  /** A session needs one of these `acr` values; empty: any. */
  @Column('text', { array: true, default: [] }) requiredAcr: string[];
  /** A session needs all of these `amr` values. */
  @Column('text', { array: true, default: [] }) requiredAmr: string[];
  /** How long ago the user may have signed in at the provider, in seconds; null: any time. */
  @Column('integer', { nullable: true }) maxAuthenticationAge: number | null;
  @Column('jsonb', { default: {} }) preferences: ProductPreferences;
}
