/** The published enumerations. */
export const ACCESS_SCOPES = ['organization', 'workspace'] as const;
export type AccessScope = (typeof ACCESS_SCOPES)[number];

export const MEMBER_SORT_FIELDS = ['name', 'email', 'role', 'created_at'] as const;
export type MemberSortField = (typeof MEMBER_SORT_FIELDS)[number];

/** With one that is not in the published API (docs/contract/members.md#access-that-ends). */
export const ACTIVE_MEMBER_SORT_FIELDS = [...MEMBER_SORT_FIELDS, 'access_expires_at'] as const;
export type ActiveMemberSortField = (typeof ACTIVE_MEMBER_SORT_FIELDS)[number];

export const MEMBERSHIP_SOURCES = ['manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap'] as const;
export type MembershipSource = (typeof MEMBERSHIP_SOURCES)[number];

export const AUTH_PROVIDERS = ['email', 'supabase:non-sso', 'supabase:sso', 'oidc', 'custom-oidc'] as const;
export type AuthProvider = (typeof AUTH_PROVIDERS)[number];

/** With which credentials keys and tokens are created. */
export const CREATING_CREDENTIALS = ['session', 'personal_access_token', 'service_key'] as const;
export type CreatingCredential = (typeof CREATING_CREDENTIALS)[number];

/** Who set a password: its owner, an admin of an organization, or the installation at its first start. */
export const PASSWORD_CHOOSERS = ['owner', 'organization_admin', 'installation', 'unknown'] as const;
export type PasswordChooser = (typeof PASSWORD_CHOOSERS)[number];

/** The mail about an invitation; members need none. */
export const INVITATION_MAILS = ['queued', 'refused', 'not_configured', 'not_needed'] as const;
export type InvitationMail = (typeof INVITATION_MAILS)[number];

export const PROVISIONING_METHODS = ['scim', 'saml:jit', 'bootstrap'] as const;
export type ProvisioningMethod = (typeof PROVISIONING_METHODS)[number];

export const PAYMENT_PLAN_TIERS = [
  'no_plan',
  'developer',
  'developer_01_2026',
  'plus',
  'plus_01_2026',
  'enterprise',
  'developer_legacy',
  'plus_legacy',
  'free',
  'enterprise_legacy',
  'startup',
  'startup_v0',
  'partner',
  'premier',
] as const;
export type PaymentPlanTier = (typeof PAYMENT_PLAN_TIERS)[number];
